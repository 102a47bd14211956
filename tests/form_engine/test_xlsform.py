"""XLSForm workbooks: what pyxform accepts we accept, what it refuses we refuse."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.errors import FormDefinitionError
from odbst_desktop.form_engine.reading import form_from, load_form, read_form, shipped_forms
from odbst_desktop.form_engine.writing import workbook_of
from tests.form_engine.xlsforms import ACCEPTED, REFUSED, write_xlsform


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_pyxform_accepts_is_accepted(name: str, tmp_path: Path) -> None:
    path = write_xlsform(tmp_path / "form.xlsx", ACCEPTED[name])
    assert convert(str(path)).xform
    form = load_form(path)
    again = form_from(form.raw, "kept in the vault")
    assert again.sha256 == form.sha256
    assert again.every_question() == form.every_question()


@pytest.mark.parametrize("name", REFUSED)
def test_what_pyxform_refuses_is_refused(name: str, tmp_path: Path) -> None:
    path = write_xlsform(tmp_path / "form.xlsx", REFUSED[name])
    with pytest.raises(PyXFormError):
        convert(str(path))
    with pytest.raises(FormDefinitionError):
        load_form(path)


@pytest.mark.parametrize("form", shipped_forms(), ids=lambda form: form.form_id)
def test_form_written_as_a_workbook_reads_the_same_here_and_in_pyxform(
    form: Form, tmp_path: Path
) -> None:
    if not all(question.choices for question in form.every_question() if question.list_name):
        return  # its lists are known in a vault only
    path = tmp_path / "form.xlsx"
    path.write_bytes(workbook_of(form))
    again = load_form(path)
    assert again.every_question() == form.every_question()
    assert again.rules == form.rules
    assert (again.form_id, again.version, again.title) == (form.form_id, form.version, form.title)
    assert again.settings == form.settings
    assert convert(str(path)).xform
    assert workbook_of(form) == path.read_bytes()


def test_text_that_looks_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    label = '=HYPERLINK("x")  <&> \u201chm\u201d'
    survey = [{"type": "text", "name": "a", "label": label}]
    content = {"form_id": "f", "version": "1", "title": "F", "survey": survey}
    path = tmp_path / "form.xlsx"
    path.write_bytes(workbook_of(form_from(content, "f")))
    reading = read_form(path)
    assert reading.notices == ()
    assert reading.form is not None
    assert reading.form.questions()[0].label == label
