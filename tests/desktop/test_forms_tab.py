"""The ESL's own forms in the window; a draft of an older version; a file as an answer."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from odbst_desktop.desktop.desk import Desk, News
from odbst_desktop.desktop.document_view import DocumentView
from odbst_desktop.desktop.file_field import FileField, of_tab
from odbst_desktop.desktop.form_rows import FormSetting
from odbst_desktop.desktop.form_view import FormView
from odbst_desktop.desktop.jobs import JobRunner
from odbst_desktop.desktop.pdf_view import PdfView
from odbst_desktop.desktop.tab import Tab
from odbst_desktop.desktop.tabs.forms import FormsTab
from odbst_desktop.desktop.tabs.termly_return import ReturnTab
from odbst_desktop.desktop.theme import apply_theme
from odbst_desktop.files import write_whole
from odbst_desktop.form_engine.reading import form_from, shipped_form
from odbst_desktop.form_library.definitions import keep_definition
from odbst_desktop.form_library.trust_forms import trust_forms
from odbst_desktop.returns.drafting import open_return, read_return, return_form
from odbst_desktop.returns.records import ReturnRow
from odbst_desktop.school.owner import Profile
from odbst_desktop.vault.vault import Vault
from tests.form_engine.xlsforms import write_xlsform

WALK = {
    "survey": """
        type | name | label | relevant | required
        begin group | walk | The walk | - | -
        select_one found | gate | Was the gate shut? | - | yes
        text | gate_evidence | Evidence | ${gate} = 'no' | -
        end group | - | - | - | -""",
    "choices": """
        list_name | name | label
        found | yes | Yes
        found | no | No
        found | not_seen | Not seen""",
    "settings": "form_title | form_id | version\nLunchtime walk | lunch_walk | 2026.1",
}


def settle(tab: Tab) -> None:
    for _ in range(6):
        tab.desk.jobs.wait()
        QApplication.processEvents()


def words_in(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


@pytest.fixture
def show(qtbot: QtBot, qapp: QApplication) -> Callable[[type[Tab], Vault], Any]:
    apply_theme(qapp)

    def show_(kind: type[Tab], vault: Vault) -> Tab:
        tab = kind(Desk(vault, JobRunner(qapp), News(qapp), write_whole))
        qtbot.addWidget(tab)
        tab.resize(QSize(1366, 700))
        tab.show()
        tab.refresh()
        settle(tab)
        return tab

    return show_


@pytest.fixture
def forms(show: Callable[..., FormsTab], open_vaults: Callable[..., Vault]) -> FormsTab:
    return show(FormsTab, open_vaults("trust", Profile.TRUST, None, "Helen Ashby"))


def test_workbook_is_imported_seen_and_marked(forms: FormsTab, tmp_path: Path) -> None:
    forms.bring_file(write_xlsform(tmp_path / "walk.xlsx", WALK))
    settle(forms)
    assert "“Lunchtime walk”, version 2026.1, is imported" in forms.message.text()
    assert [form.form_id for form in forms.table.table.rows] == ["lunch_walk"]
    forms.preview.click()
    settle(forms)
    view = forms.stack.currentWidget()
    assert view is not None
    form = view.findChild(FormView)
    assert isinstance(form, FormView)
    form.row("gate").field.set_value("no")
    form.judge()
    assert form.row("gate_evidence").field.isVisible()
    forms.close_over()
    settle(forms)
    forms.mark.click()
    settle(forms)
    assert "→ In the next pack" in forms.table.table.columns[3].text(forms.table.table.rows[0])
    assert forms.mark.text() == "Take the mark back"
    with forms.desk.vault.reading() as session:
        assert trust_forms(session)[0].state == "marked"
    forms.paper.click()
    settle(forms)
    assert isinstance(forms.stack.currentWidget(), PdfView)


def test_faults_are_shown_by_cell_and_the_rest_can_be_seen(forms: FormsTab, tmp_path: Path) -> None:
    survey = f"{WALK['survey']}\ngeopoint | where | Where? | - | -"
    forms.bring_file(write_xlsform(tmp_path / "walk.xlsx", WALK | {"survey": survey}))
    settle(forms)
    over = forms.stack.currentWidget()
    assert over is not None
    assert "sheet “survey”, row 6, column A: “geopoint”" in words_in(over)
    look = next(b for b in over.findChildren(QWidget) if b.accessibleName() == "" and
                getattr(b, "text", str)() == "See the rest as a preview")  # fmt: skip
    look.click()  # type: ignore[attr-defined]
    settle(forms)
    top = forms.stack.currentWidget()
    assert top is not None
    assert "preview" in words_in(top)
    forms.close_over()
    settle(forms)
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 nothing")
    forms.bring_file(broken)
    settle(forms)
    assert "broken.xlsx" in forms.message.text()
    assert forms.table.table.rows == ()


def test_form_in_use_is_saved_as_a_workbook_and_comes_back_as_a_new_version(
    forms: FormsTab, tmp_path: Path
) -> None:
    titles = [forms.start.itemText(n) for n in range(forms.start.count())]
    place = next(n for n, title in enumerate(titles) if title.startswith("Single central record"))
    path = tmp_path / "scr.xlsx"
    forms.save_workbook(forms.start.itemData(place), path)
    settle(forms)
    assert "Change it in Excel" in forms.message.text()
    book = load_workbook(path)
    for row in book["settings"].iter_rows(min_row=1, max_row=1):
        column = next(cell.column for cell in row if cell.value == "version")
    book["settings"].cell(2, column).value = "2099.7"
    book["survey"].append(["text", "weather", "The weather"])
    book.save(path)
    forms.bring_file(path)
    settle(forms)
    assert "version 2099.7, is imported" in forms.message.text()
    forms.compare.click()
    settle(forms)
    over = forms.stack.currentWidget()
    assert over is not None
    assert "questions: 1 new, 0 gone, 0 changed" in words_in(over)


def test_new_version_is_compared(forms: FormsTab, tmp_path: Path) -> None:
    content = copy.deepcopy(dict(shipped_form("monitoring/single_central_record").raw))
    content["version"] = "2099.1"
    content["survey"].insert(2, {"type": "text", "name": "weather", "label": "The weather"})
    path = tmp_path / "scr.yaml"
    path.write_text(json.dumps(content), encoding="utf-8")
    forms.bring_file(path)
    settle(forms)
    forms.compare.click()
    settle(forms)
    over = forms.stack.currentWidget()
    assert over is not None
    text = words_in(over)
    assert "questions: 1 new, 0 gone, 0 changed" in text
    assert "+ New  The weather" in text


def test_draft_of_an_older_version_is_moved_in_the_window(
    show: Callable[..., ReturnTab], school: Vault
) -> None:
    made = open_return(school, "2026-27", "autumn")
    content = copy.deepcopy(dict(return_form().raw))
    content["version"] = "2025.1"
    content["survey"].insert(1, {"type": "text", "name": "motto", "label": "Motto"})
    with school.changing("made older", f"return/{made}") as session:
        keep_definition(session, form_from(content, "older"), at=school.now())
        row = session.get_one(ReturnRow, made)
        row.form_version = "2025.1"
        row.answers = json.dumps(json.loads(row.answers) | {"motto": "Onwards"})
        session.add(row)
    tab = show(ReturnTab, school)
    tab.open.click()
    settle(tab)
    editor = tab.editor
    assert editor is not None
    assert editor.band.isVisible()
    assert "questions: 0 new, 1 gone, 0 changed" in editor.band.words.text()
    editor.band.what.click()
    assert "✗ Motto: Onwards" in words_in(editor.band)
    editor.band.move_on.click()
    settle(tab)
    settle(tab)
    assert "These had no place any more: Motto: Onwards." in tab.message.text()
    assert read_return(school, made).form_version == return_form().version
    assert tab.editor is not None
    assert not tab.editor.band.isVisible()


def test_file_is_kept_in_the_vault_and_shown(forms: FormsTab, tmp_path: Path, qtbot: QtBot) -> None:
    form = form_from(
        {"form_id": "f", "version": "1", "title": "F", "survey": [
            {"type": "file", "name": "plan", "label": "The plan"},
            {"type": "image", "name": "board", "label": "The board"}]},
        "f",
    )  # fmt: skip
    setting = FormSetting(forms.desk.vault.today(), files=of_tab(forms))
    view = FormView(form, {}, setting)
    forms.open_over(view)
    plan, board = view.row("plan").field, view.row("board").field
    assert isinstance(plan, FileField)
    assert isinstance(board, FileField)
    letter = tmp_path / "plan.pdf"
    letter.write_bytes(b"%PDF-1.4\n%%EOF")
    plan.add_file(letter)
    settle(forms)
    assert plan.name.text() == "plan.pdf"
    assert view.answers()["plan"].endswith("/plan.pdf")
    board.add_file(letter)
    settle(forms)
    assert "is no picture" in forms.message.text()
    assert "board" not in view.answers()
    (tmp_path / "cat.pdf").write_bytes(b"GIF89a not what it says")
    plan.add_file(tmp_path / "cat.pdf")
    settle(forms)
    assert "something else" in forms.message.text()
    huge = tmp_path / "huge.pdf"
    with huge.open("wb") as file:
        file.truncate(200_000_000)
    plan.add_file(huge)
    settle(forms)
    assert "at most 10 MB" in forms.message.text()
    assert view.answers()["plan"].endswith("/plan.pdf")
    plan.show_it.click()
    settle(forms)
    assert isinstance(forms.stack.currentWidget(), DocumentView)
