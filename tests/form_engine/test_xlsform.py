"""XLSForm workbooks: what pyxform accepts we accept, what it refuses we refuse."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from odbst_desktop.form_engine.errors import FormDefinitionError
from odbst_desktop.form_engine.reading import form_from, load_form
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
