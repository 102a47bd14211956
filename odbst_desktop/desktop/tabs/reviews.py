"""The ESL's tab of strategic checks and whole-school reviews: planned, recorded, followed up."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QGridLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from odbst_desktop.desktop.desk import Desk
from odbst_desktop.desktop.form_rows import FormSetting
from odbst_desktop.desktop.form_view import FormView
from odbst_desktop.desktop.page import hide_unless, words
from odbst_desktop.desktop.row_table import Column, TableView
from odbst_desktop.desktop.scrolling import ScrollingPanel
from odbst_desktop.desktop.tab import Tab, button, one_line, row_of
from odbst_desktop.desktop.theme import STEP
from odbst_desktop.office.review_desk import ReviewDesk, review_desk
from odbst_desktop.reports.document import Paper
from odbst_desktop.school.owner import read_owner
from odbst_desktop.school.typed_dates import read_typed_date, show_date
from odbst_desktop.trust.review_paper import review_paper
from odbst_desktop.trust.review_priority import Priority
from odbst_desktop.trust.reviews import (
    Review,
    ReviewId,
    actions_of,
    begin_review,
    close_review,
    follow_up_review,
    plan_review,
    put_review_aside,
    read_review,
    review_kinds,
    review_reasons,
    save_review,
)

_LEAD = (
    "Reviews look first where there is a reason: a concern about leadership and management, a TAS "
    "school, a concern of a stakeholder, signals in the figures. The order is a proposal; no "
    "school is judged by it."
)
PRIORITY_COLUMNS: tuple[Column[Priority], ...] = (
    Column("School", lambda p: p.school.name, 3, 22),
    Column("Points", lambda p: str(p.points), 1, 6),
    Column("Reasons, with their points", lambda p: p.words, 8, 40),
)


class ReviewsTab(Tab):
    """Which school a review would look at first, and every check and review."""

    kinds = frozenset({"review", "package", "school", "action", "theme"})
    title = "Reviews"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.loaded: ReviewDesk | None = None
        day = desk.vault.today()
        columns: tuple[Column[Review], ...] = (
            Column("School", lambda r: r.school, 3, 20),
            Column("What", lambda r: r.kind_words, 2, 18),
            Column("For", lambda r: show_date(r.planned_for), 2, 12),
            Column("State", lambda r: r.words_on(day), 4, 26),
            Column("Why", lambda r: r.reason_words, 5),
        )
        self.order: TableView[Priority] = TableView("Schools by reasons", PRIORITY_COLUMNS)
        self.table: TableView[Review] = TableView("Checks and reviews", columns)
        self.plan = button("Plan a check or review…", is_main=True)
        self.open, self.paper = button("Open"), button("Paper as PDF")
        self.follow, self.aside = button("Follow up…"), button("Put aside")
        self.column.addWidget(words("Strategic checks and whole-school reviews", "title"))
        self.column.addWidget(words(_LEAD, "quiet"))
        self.column.addWidget(self.order, 3)
        self.column.addLayout(row_of(self.plan))
        self.column.addWidget(words("Planned and made", "heading"))
        self.column.addWidget(self.table, 3)
        self.column.addLayout(row_of(self.open, self.paper, self.follow, self.aside))
        self.plan.clicked.connect(self._plan)
        self.order.activated.connect(self._plan)
        self.open.clicked.connect(self._open)
        self.table.activated.connect(self._open)
        self.paper.clicked.connect(self._paper)
        self.follow.clicked.connect(self._follow)
        self.aside.clicked.connect(self._aside)
        self.table.selectionModel().currentChanged.connect(self._chosen)

    @property
    def editor(self) -> ReviewEditor | None:
        """Return the review that is open, if any."""
        shown = self.stack.currentWidget()
        return shown if isinstance(shown, ReviewEditor) else None

    def load(self) -> ReviewDesk:
        """Read the schools with their reasons and the reviews."""
        return review_desk(self.desk.vault)

    def show_loaded(self, value: ReviewDesk) -> None:
        """Show the schools and the reviews."""
        self.loaded = value
        self.order.show_rows(value.priorities)
        self.table.show_rows(value.reviews)
        self.plan.setEnabled(bool(value.schools))
        self._chosen()

    def flush(self) -> None:
        """Keep what was typed last."""
        if self.editor is not None:
            self.editor.form.flush()

    def open_review(self, review: ReviewId) -> None:
        """Open a review, beginning it if it is only planned."""
        vault = self.desk.vault

        def work() -> Review:
            with vault.reading() as session:
                state = read_review(session, review).state
            if state == "planned":
                begin_review(vault, review)
            with vault.reading() as session:
                return read_review(session, review)

        self.run(work, lambda found: self.open_over(ReviewEditor(self, found)), "review")

    def left(self, sentence: str) -> None:
        """Go back to the list and say what was kept."""
        self.close_over()
        self.show_good(sentence)

    def show_review_paper(self, review: ReviewId) -> None:
        """Show a review as a paper."""
        vault = self.desk.vault

        def work() -> Paper:
            with vault.reading() as session:
                found, owner = read_review(session, review), read_owner(session)
                agreed = actions_of(session, review)
            return review_paper(
                found, agreed, vault.today(), is_demonstration=owner.is_demonstration
            )

        self.run(work, self.show_paper)

    def _chosen(self, *_facts: object) -> None:
        chosen = self.table.chosen()
        state = chosen.state if chosen else ""
        for made in (self.open, self.paper):
            made.setEnabled(chosen is not None)
        self.open.setText("Begin" if state == "planned" else "Open")
        self.follow.setEnabled(state == "closed")
        self.aside.setEnabled(state in {"planned", "draft"})

    def _plan(self, *_facts: object) -> None:
        if self.loaded is not None and self.loaded.schools:
            self.open_over(PlanPanel(self, self.loaded, self.order.chosen()))

    def _open(self, *_facts: object) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            self.open_review(chosen.id)

    def _paper(self) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            self.show_review_paper(chosen.id)

    def _follow(self) -> None:
        chosen = self.table.chosen()
        if chosen is not None:
            self.open_over(FollowPanel(self, chosen))

    def _aside(self) -> None:
        chosen, vault = self.table.chosen(), self.desk.vault
        if chosen is not None:
            self.run(
                lambda: put_review_aside(vault, chosen.id),
                lambda _: self.show_good("Put aside; what was typed stays readable."),
                "review",
            )


class PlanPanel(ScrollingPanel):
    """A check or review being planned, with its reasons ticked."""

    def __init__(self, tab: ReviewsTab, desk: ReviewDesk, chosen: Priority | None) -> None:
        super().__init__()
        self.tab = tab
        self.back, self.keep = button("← Reviews"), button("Plan it", is_main=True)
        self.school, self.kind = QComboBox(), QComboBox()
        for school in desk.schools:
            self.school.addItem(school.name, school.urn)
        for kind, label in review_kinds().items():
            self.kind.addItem(label, kind)
        self.day, self.led_by, self.theme = QLineEdit(), QLineEdit(), QLineEdit(desk.theme)
        self.day.setPlaceholderText("Such as 14/1")
        self.led_by.setText(tab.desk.vault.user.name)
        self.why = QLineEdit()
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setVerticalSpacing(2 * STEP)
        for label, field in (
            ("&School", self.school), ("&What", self.kind), ("&Day", self.day),
            ("&Led by", self.led_by), ("&Theme of the term", self.theme),
            ("In your own wor&ds", self.why),
        ):  # fmt: skip
            field.setAccessibleName(label.replace("&", ""))
            form.addRow(label, field)
        self.reasons = {name: QCheckBox(label) for name, label in review_reasons().items()}
        given = {reason for reason, _ in chosen.reasons} if chosen else set()
        grid = QGridLayout()
        for place, (name, box) in enumerate(self.reasons.items()):
            box.setChecked(name in given)
            grid.addWidget(box, place // 2, place % 2)
        self.column.addLayout(row_of(self.back, one_line("Plan a check or review")))
        self.column.addLayout(form)
        self.column.addWidget(words("Why this school", "heading"))
        self.column.addLayout(grid)
        self.column.addLayout(row_of(self.keep))
        self.column.addStretch(1)
        if chosen is not None:
            self.school.setCurrentIndex(self.school.findData(chosen.school.urn))
        self.back.clicked.connect(tab.close_over)
        self.keep.clicked.connect(self._keep)

    def _keep(self) -> None:
        vault = self.tab.desk.vault
        urn, kind = self.school.currentData(), self.kind.currentData()
        reasons = [name for name, box in self.reasons.items() if box.isChecked()]
        day, why, theme = self.day.text(), self.why.text(), self.theme.text().strip()
        led_by = self.led_by.text()

        def work() -> None:
            planned_for = read_typed_date(day, vault.today())
            plan_review(
                vault, urn, kind, planned_for, reasons=reasons, why=why, led_by=led_by,
                theme=theme,
            )  # fmt: skip

        self.tab.run(work, lambda _: self.tab.left("Planned."), "review")


class FollowPanel(ScrollingPanel):
    """What became of a review."""

    def __init__(self, tab: ReviewsTab, review: Review) -> None:
        super().__init__()
        self.tab, self._review = tab, review
        self.back, self.keep = button("← Reviews"), button("Note it", is_main=True)
        self.words = QLineEdit()
        self.words.setAccessibleName("What changed at the school, and how you know")
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.addRow("&What changed at the school, and how you know", self.words)
        title = f"Follow up: {review.kind_words}, {review.school}"
        self.column.addLayout(row_of(self.back, one_line(title)))
        self.column.addLayout(form)
        self.column.addLayout(row_of(self.keep))
        self.column.addStretch(1)
        self.back.clicked.connect(tab.close_over)
        self.keep.clicked.connect(self._keep)

    def _keep(self) -> None:
        vault, review, said = self.tab.desk.vault, self._review.id, self.words.text()
        self.tab.run(
            lambda: follow_up_review(vault, review, said),
            lambda _: self.tab.left("Noted: the review is followed up."),
            "review",
        )


class ReviewEditor(QWidget):
    """One check or review; saved a moment after each key until it is closed."""

    def __init__(self, tab: ReviewsTab, review: Review) -> None:
        super().__init__()
        self.tab, self.review = tab, review
        self.back, self.paper = button("← Reviews"), button("Paper as PDF")
        self.close_it = button("Close the review", is_main=True)
        self.saved = words("", "quiet")
        self.saved.setAccessibleName("Saved")
        is_open = review.state == "draft"
        hide_unless(is_open, self.close_it)
        today = tab.desk.vault.today()
        self.form = FormView(
            review.form, review.answers, FormSetting(today, is_read_only=not is_open)
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(6 * STEP, 4 * STEP, 6 * STEP, 4 * STEP)
        title = one_line(f"{review.kind_words} · {review.school} · {review.words_on(today)}")
        top = row_of(self.back, title)
        for widget in (self.saved, self.paper, self.close_it):
            top.addWidget(widget)
        column.addLayout(top)
        column.addWidget(words(f"Why: {review.reason_words}", "quiet"))
        column.addWidget(self.form, 1)
        if is_open:
            self.form.settled.connect(self.save)
        self.back.clicked.connect(tab.close_over)
        self.paper.clicked.connect(lambda: tab.show_review_paper(review.id))
        self.close_it.clicked.connect(self._close)

    def save(self, answers: dict[str, Any]) -> None:
        """Keep what is typed."""
        vault, review = self.tab.desk.vault, self.review.id
        self.saved.setText("Saving…")
        self.tab.run(lambda: save_review(vault, review, answers), self._saved)

    def _saved(self, _value: object) -> None:
        moment = self.tab.desk.vault.clock().astimezone()
        self.saved.setText(f"✓ Saved at {moment:%H:%M:%S}")

    def _close(self) -> None:
        self.form.flush()
        vault, review = self.tab.desk.vault, self.review.id
        self.tab.run(
            lambda: close_review(vault, review),
            lambda _: self.tab.left("Closed. Its actions are on the tab Actions."),
            "review", "action",
        )  # fmt: skip
