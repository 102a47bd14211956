"""Focus packs at a school and a governor: judged whole, taken in, told before and after.

A pack is refused whole if one of its forms, courses or policies cannot be used.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlmodel import Session

from odbst_desktop.compliance.items import items
from odbst_desktop.compliance.trust_versions import (
    check_trust_versions,
    take_trust_versions,
    trust_versions,
)
from odbst_desktop.errors import InputError, OdbstError
from odbst_desktop.exchange.bodies import FocusPack
from odbst_desktop.exchange.checking import CheckedPackage
from odbst_desktop.exchange.errors import PackageError
from odbst_desktop.form_engine.definition import Form
from odbst_desktop.form_engine.reading import MOST_FORM_BYTES, MOST_ROWS, form_from
from odbst_desktop.form_engine.versions import question_changes, version_key
from odbst_desktop.form_library.definitions import definition_of, keep_definition
from odbst_desktop.form_library.records import TrustFormRow
from odbst_desktop.form_library.trust_forms import form_in_use, mark_published, trust_forms
from odbst_desktop.monitoring.checklists import check_title, checklist_ids
from odbst_desktop.monitoring.cycle import half_term_label, planned_slots
from odbst_desktop.monitoring.packs import (
    PackChange,
    TakenPack,
    changes_between,
    keep_pack,
    packs_taken,
)
from odbst_desktop.monitoring.themes import take_up_pack, themes_of
from odbst_desktop.office.calendar import year_at
from odbst_desktop.school.calendar import TERMS
from odbst_desktop.school.owner import Profile, read_owner
from odbst_desktop.school.posts import posts
from odbst_desktop.training.published import catalogue_in_use, check_published, take_published
from odbst_desktop.trust.pack_draft import PackContent
from odbst_desktop.trust.terms import TermOf

_MOST_BYTES = 2 * MOST_FORM_BYTES
_NOT_HERE = "not in use"


@dataclass(frozen=True, slots=True)
class Moment:
    """When a pack is taken in: the day, and the moment as RFC 3339."""

    day: date
    at: str


@dataclass(frozen=True, slots=True)
class Since:
    """From when on a form is in use: the term (``2026-27/2``), and the moment it came."""

    term: str
    at: str


def refuse_unusable(session: Session, pack: FocusPack) -> tuple[Form, ...]:
    """Return the forms of a pack, every part of which can be used; check 17 of the format.

    Raises:
        PackageError: ``invalid-answers``, with the first part at fault.

    """
    forms = _forms(pack.forms)
    for number, form in enumerate(forms):
        held = definition_of(session, form.form_id, form.version)
        if held is not None and held.sha256 != form.sha256:
            # Answers already given under this version would change their meaning.
            raise _fault(f"forms.{number}.version")
    for member, check, entries in (
        ("courses", check_published, pack.courses),
        ("policies", check_trust_versions, pack.policies),
    ):
        try:
            check(entries)
        except InputError as fault:
            raise _fault(member) from fault
    return forms


def take_pack(
    session: Session, checked: CheckedPackage, pack: FocusPack, moment: Moment
) -> TakenPack:
    """Take in a pack that passed every check; return what it changed, before and after.

    Of a pack for a term before that of the newest one held, courses and policies are left: what
    is newer holds.
    """
    forms = refuse_unusable(session, pack)
    place = (pack.academic_year, TERMS.index(pack.term))
    is_newest = all(place >= (p.year, TERMS.index(p.term)) for p in packs_taken(session))
    source = f"Focus pack {pack.academic_year} {pack.term}"
    signer = checked.payload.signers[0].person
    before = tuple(_standing(session, pack, forms))
    differing = {_form_words(form): _differing(session, form) for form in forms}
    since = _term_key(pack.academic_year, pack.term)
    for form in forms:
        _publish(session, form, source, signer, Since(since, moment.at))
    session.flush()
    own = frozenset(form.form_id for form in trust_forms(session) if form.state == "published")
    for post in posts(session):
        take_up_pack(
            session, post.urn, pack.academic_year, pack.term, pack.themes, moment.day, known=own
        )
    if is_newest and read_owner(session).profile is not Profile.GOVERNOR:
        take_published(session, pack.courses, source=source, at=moment.at)
        take_trust_versions(session, pack.policies, source=source, at=moment.at)
    session.flush()
    changes = tuple(
        replace(change, after=f"{change.after}{differing.get(change.what, '')}")
        for change in changes_between(before, tuple(_standing(session, pack, forms)))
    )
    taken = TakenPack(
        checked.payload_sha256, pack.academic_year, pack.term, checked.payload.revision,
        pack.message, (*changes, *_left_out(pack, own)), signer, moment.at, None,
    )  # fmt: skip
    keep_pack(session, taken)
    return taken


def publish_pack(
    session: Session, content: PackContent, term: TermOf, signer: str, at: str
) -> None:
    """Let what a pack publishes come into use at the trust that sends it, in the same moment."""
    mark_published(session, content.marked)
    source = f"Focus pack {term.year} {term.term}"
    since = Since(_term_key(term.year, term.term), at)
    for form in content.forms:
        _publish(session, form, source, signer, since)
    take_published(session, content.body["courses"], source=source, at=at)
    take_trust_versions(session, content.body["policies"], source=source, at=at)


def _forms(contents: list[dict[str, Any]]) -> tuple[Form, ...]:
    """Read the forms of a pack; none so large that reading it would hold up the program."""
    size = rows = 0
    for number, content in enumerate(contents):
        size += len(json.dumps(content))
        survey = content.get("survey")
        rows += len(survey) if isinstance(survey, list) else 0
        if size > _MOST_BYTES or rows > MOST_ROWS:
            raise _fault(f"forms.{number}")
    found = []
    for number, content in enumerate(contents):
        try:
            found.append(form_from(content, f"form {number + 1} of the pack"))
        except OdbstError as fault:
            raise _fault(f"forms.{number}") from fault
    return tuple(found)


def _fault(about: str) -> PackageError:
    return PackageError("invalid-answers", about, sentence="pack")


def _publish(session: Session, form: Form, source: str, signer: str, since: Since) -> None:
    """Let a form of the trust come into use here."""
    digest = keep_definition(session, form, at=since.at)
    held = [known for known in trust_forms(session) if known.sha256 == digest]
    if any(known.state == "published" and known.from_term for known in held):
        return
    row = TrustFormRow(
        id=held[0].id if held else str(uuid.uuid4()), sha256=digest, source=source,
        state="published", imported_at=since.at, imported_by=signer, marked_at=since.at,
        from_term=since.term,
    )  # fmt: skip
    session.merge(row)
    session.flush()


def _term_key(year: str, term: str) -> str:
    return f"{year}/{TERMS.index(term) + 1}"


def _standing(
    session: Session, pack: FocusPack, forms: tuple[Form, ...]
) -> Iterator[tuple[str, str]]:
    """Give how everything stands that a pack may change, in words."""
    yield from _plans(session, pack)
    for form_id in dict.fromkeys(form.form_id for form in forms):
        sent = max((f for f in forms if f.form_id == form_id), key=lambda f: version_key(f.version))
        used = form_in_use(session, form_id)
        yield _form_words(sent), f"version {used.version}" if used else _NOT_HERE
    catalogue = catalogue_in_use(session)
    wanted = {str(entry.get("id")) for entry in pack.courses}
    for course in catalogue.courses:
        if course.id in wanted:
            editions = f", edition {course.editions[-1].id}" if course.editions else ""
            yield f"Course “{course.label}”", f"{course.renewal_words}{editions}"
    versions, labels = trust_versions(session), {item.id: item.label for item in items()}
    for entry in pack.policies:
        held = versions.get(str(entry.get("id")))
        label = labels.get(str(entry.get("id")), str(entry.get("id")))
        yield f"Policy “{label}”", f"version {held.version}" if held else "no version of the trust"


def _plans(session: Session, pack: FocusPack) -> Iterator[tuple[str, str]]:
    """Give each school's themes of the term and the half-terms of its checks."""
    held = posts(session)
    for post in held:
        at = f", {post.school}" if len(held) > 1 else ""
        themes = themes_of(session, post.urn, pack.academic_year)
        ours = [taken.theme.title for taken in themes if taken.term == pack.term]
        yield f"Themes of the {pack.term} term{at}", "; ".join(ours) or "none"
        year = year_at(session, post.urn, date(int(pack.academic_year[:4]), 10, 1))
        closes = {h.id: h.closes for t in year.terms for h in t.half_terms} if year else {}
        slots: dict[str, list[str]] = {}
        for slot in planned_slots(themes, closes):
            slots.setdefault(slot.form_id, []).append(half_term_label(slot.half_term).lower())
        for form_id, halves in slots.items():
            yield f"Check “{_check_words(session, form_id)}”{at}", "; ".join(halves)


def _form_words(form: Form) -> str:
    return f"Form “{form.title}”"


def _differing(session: Session, form: Form) -> str:
    used = form_in_use(session, form.form_id)
    if used is None or used.sha256 == form.sha256:
        return ""
    count = len(question_changes(used, form))
    return f": {count} question{'s differ' if count != 1 else ' differs'}"


def _check_words(session: Session, form_id: str) -> str:
    own = None if form_id in checklist_ids() else form_in_use(session, form_id)
    return own.title if own is not None else check_title(form_id)


def _left_out(pack: FocusPack, own: frozenset[str]) -> Iterator[PackChange]:
    known = {slot.form_id for slot in planned_slots()} | own
    for theme in pack.themes:
        for check in theme.expected_checks:
            if check not in known:
                yield PackChange(
                    f"Check “{check}” of the theme “{theme.title}”", "—",
                    "left out: it is not known here. A newer version of the program may be needed",
                )  # fmt: skip
