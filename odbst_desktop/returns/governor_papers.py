"""The papers for governors: the LGB's report, the headteacher's, and the term on one page.

All three tell the same figures in the same words, settled by ``shown``; made again from the same
signed return they are the same bytes. They are looked at any time and handed on once both have
signed: until then the figures may change, and every paper that left would count as shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlmodel import Session

from odbst_desktop.analysis.disclosure import NOT_SHOWN
from odbst_desktop.analysis.form_disclosure import rate_told
from odbst_desktop.errors import StateError
from odbst_desktop.form_engine.definition import Group, Question
from odbst_desktop.reports.blocks import (
    Bars,
    Block,
    Bullets,
    Contents,
    Facts,
    Grid,
    Heading,
    KeyFigures,
    Paragraph,
    ReportHead,
    SideBySide,
    Signature,
    Signatures,
    Tone,
)
from odbst_desktop.reports.document import Paper
from odbst_desktop.returns import governor_parts as parts
from odbst_desktop.returns.drafting import ReturnId
from odbst_desktop.returns.governors_term import GovernorsTerm, governors_term
from odbst_desktop.returns.shown import keep_shown
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.vault.vault import Vault

_NOT_HANDED_ON = "To be looked at only: not to be handed on before both have signed."


@dataclass(frozen=True, slots=True)
class GovernorPapers:
    """The three papers of a term, and what about them a person should know before handing on.

    ``changed`` are passages of the text whose numbers or names were changed; ``exposed`` figures
    that earlier papers give away. ``is_draft`` while a signature is missing.
    """

    lgb: Paper
    head: Paper
    picture: Paper
    changed: tuple[str, ...]
    exposed: tuple[str, ...]
    is_draft: bool

    def papers(self) -> tuple[Paper, ...]:
        """Return the three papers."""
        return self.lgb, self.head, self.picture


def governor_papers(vault: Vault, made: ReturnId) -> GovernorPapers:
    """Return the papers of a return as they stand; nothing is kept by looking at them."""
    with vault.reading() as session:
        return _papers(governors_term(session, made, vault.today()))


def hand_on_papers(vault: Vault, made: ReturnId) -> GovernorPapers:
    """Return the papers to be handed on, and keep what they show: later papers heed it.

    Raises:
        StateError: a signature is missing.

    """
    with vault.changing("papers for governors made", f"return/{made}") as session:
        return _handed_on(session, vault, made)


def _handed_on(session: Session, vault: Vault, made: ReturnId) -> GovernorPapers:
    term = governors_term(session, made, vault.today())
    if term.is_draft:
        raise StateError(
            "These papers can be looked at, and handed on once the DSL and the headteacher or "
            "governor have signed the return: until then its figures may still change."
        )
    keep_shown(session, term.shown, vault.today())
    return _papers(term)


def _papers(term: GovernorsTerm) -> GovernorPapers:
    each = [replace(term, safe=term.safe.begun_anew()) for _ in range(3)]
    lgb, head, picture = _lgb(each[0]), _head(each[1]), _picture(each[2])
    changed = dict.fromkeys(words for one in each for words in one.safe.changed)
    return GovernorPapers(lgb, head, picture, tuple(changed), term.shown.exposed, term.is_draft)


def _report_head(term: GovernorsTerm, title: str) -> ReportHead:
    now = term.now.found
    footer = _NOT_HANDED_ON
    if term.signed is not None:
        footer = f"Edition {now.revision} · package {term.signed.words}"
    return ReportHead(
        title=title,
        organisation=term.owner.name,
        date=term.on,
        subtitle=f"{now.title} · edition {now.revision}",
        is_demonstration=term.owner.is_demonstration,
        is_draft=term.is_draft,
        footer_words=footer,
    )


def _paper(term: GovernorsTerm, kind: str, blocks: list[Block]) -> Paper:
    words, now = parts.wording()[kind], term.now.found
    name = f"{words['name']}-{now.year}-{now.term}-edition-{now.revision}"
    return Paper(name, _report_head(term, words["title"]), tuple(blocks))


def _lgb(term: GovernorsTerm) -> Paper:
    words = parts.wording()["lgb"]
    blocks: list[Block] = [parts.lead(term)]
    blocks += [Heading("Core figures"), *parts.compared_note(term)]
    for group in words["core"]:
        blocks += [
            Heading(group["title"], 2),
            parts.figures_table(term, _named(term, group["fields"])),
        ]
    blocks += [Heading("Rates", 2), parts.rates_table(term, words["rates"])]
    blocks += parts.narrative(term, words["narrative"])
    blocks += parts.theme_part(term, words["theme"])
    blocks += parts.visits_part(term)
    blocks += parts.actions_part(term)
    blocks += _coverage(term)
    blocks += [Heading("Questions governors may ask"),
               Bullets(parts.questions_asked(term), is_numbered=True)]  # fmt: skip
    return _paper(term, "lgb", [*blocks, *_rests_on(term)])


def _head(term: GovernorsTerm) -> Paper:
    words = parts.wording()["head"]
    blocks: list[Block] = [parts.lead(term), Contents(), *parts.narrative(term, words["narrative"])]
    blocks += parts.theme_part(term, words["theme"])
    blocks += parts.decisions_part(term)
    blocks += parts.actions_part(term)
    blocks += parts.visits_part(term)
    blocks += _coverage(term)
    for chart in words["charts"]:
        blocks.append(Heading(chart["title"]))
        blocks += parts.bars(term, chart["start"], chart["without"])
    blocks += _every_figure(term)
    blocks += [Heading("Concerns about adults"), Paragraph(words["for_the_trust_alone"].strip())]
    blocks += _rests_on(term)
    head = str(term.now.found.answers.get("headteacher") or "")
    return _paper(term, "head", [*blocks, Signatures((Signature("Headteacher", head),))])


def _every_figure(term: GovernorsTerm) -> list[Block]:
    words = parts.wording()["head"]
    blocks: list[Block] = [Heading("Figures of the term"), *parts.compared_note(term)]
    for item in term.now.form.items:
        if isinstance(item, Group) and item.name in words["sections"]:
            questions = [q for q in item.items if isinstance(q, Question)]
            blocks += [Heading(item.label, 2), parts.figures_table(term, questions)]
    return [*blocks, Heading("Rates", 2), parts.rates_table(term, words["rates"])]


def _picture(term: GovernorsTerm) -> Paper:
    words, year = parts.wording()["picture"], term.last_year
    short: dict[str, str] = words["labels"]
    tiles = tuple(
        (short.get(name) or parts.label_of(term, name), term.now.word(name),
         f"last year: {year.word(name)}" if year is not None else "")
        for name in words["tiles"]
    )  # fmt: skip
    chosen = (*parts.wording()["done"], *parts.wording()["coverage"])
    done = parts.part_rows(term, [each for each in chosen if each["part"] in words["done"]])
    without = parts.wording()["head"]["charts"][0]["without"]
    blocks: list[Block] = [
        KeyFigures(tiles),
        Heading("Concerns by main category"),
        *parts.bars(term, "concerns_", without, short),
        SideBySide(
            ("Where", "When"),
            tuple(parts.bars(term, "place_", (), short)),
            tuple(parts.bars(term, "time_", (), short)),
        ),
        Heading("Concerns for each 100 pupils"),
        _rate_bars(term),
        KeyFigures(tuple((label, figure.partition(" (")[0], "") for label, figure in done)),
        Paragraph(words["note"].strip(), Tone.QUIET),
    ]
    return _paper(term, "picture", blocks)


def _rate_bars(term: GovernorsTerm) -> Bars:
    rows = []
    for label, told in (("Same term last year", term.last_year), ("Last term", term.last_term),
                        ("This term", term.now)):  # fmt: skip
        if told is not None:
            rate = rate_told(told.word("concerns_total"), told.word("pupils_on_roll"))
            rows.append((label, None if rate == NOT_SHOWN else float(rate), rate))
    return Bars(tuple(rows), is_compact=True)


def _coverage(term: GovernorsTerm) -> list[Block]:
    trained = parts.part_rows(term, parts.wording()["coverage"])
    done = parts.part_rows(term, [e for e in parts.wording()["done"] if "action" not in e["part"]])
    return [
        Heading("Training"),
        Grid(("On the snapshot date", "How many"), trained, (3, 2)),
        Heading("Meetings, checks and policies"),
        Grid(("This term", "How many"), done, (3, 2)),
    ]


def _rests_on(term: GovernorsTerm) -> list[Block]:
    now = term.now.found
    rows = [("Return", f"{now.title}, edition {now.revision}")]
    if term.signed is not None:
        rows += [
            ("Signed by", "; ".join(f"{name}, {role}" for name, role in term.signed.signers)),
            ("Signed on", show_date(term.signed.on)),
            ("Package in words", term.signed.words),
        ]
    return [Heading("What this paper rests on"), Facts(tuple(rows)), parts.told_note(term)]


def _named(term: GovernorsTerm, names: list[str]) -> list[Question]:
    found = (term.now.form.question(name) for name in names)
    return [question for question in found if question is not None]
