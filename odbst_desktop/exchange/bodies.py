"""What a body holds, a shape a kind. Source: package format, section 6."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, ValidationError, model_validator

from odbst_desktop.exchange.envelope import strict_base64
from odbst_desktop.exchange.errors import PackageError
from odbst_desktop.exchange.keys import refuse_weak_signing_key, sealing_public_key, signing_keyid
from odbst_desktop.exchange.payload import Digest, KeyIdText, Moment, Name, Role, Strict, Urn


def _day(text: str) -> str:
    if date.fromisoformat(text).isoformat() != text:
        raise ValueError("not a date as YYYY-MM-DD")
    return text


def _signing_key(text: str) -> str:
    refuse_weak_signing_key(strict_base64(text))
    return text


def _sealing_key(text: str) -> str:
    sealing_public_key(strict_base64(text))
    return text


def _academic_year(text: str) -> str:
    # A single digit changed must not make another term's return of it.
    if not _YEAR.fullmatch(text) or (int(text[:4]) + 1) % 100 != int(text[5:]):
        raise ValueError("not an academic year as 2026-27")
    return text


_YEAR = re.compile(r"[0-9]{4}-[0-9]{2}")
Day = Annotated[str, AfterValidator(_day)]
Text = Annotated[str, Field(max_length=20_000)]
SigningKeyText = Annotated[str, AfterValidator(_signing_key)]
SealingKeyText = Annotated[str, AfterValidator(_sealing_key)]
YearText = Annotated[str, AfterValidator(_academic_year)]
TermName = Literal["autumn", "spring", "summer"]


class CardSchool(Strict):
    """A school of the trust."""

    urn: Urn
    name: Name
    authority: Text
    phase: Text
    hub: Text


class EnrolledPerson(Strict):
    """Somebody whose key asks to be known."""

    keyid: KeyIdText
    public_key: SigningKeyText
    person: Name
    role: Role

    @model_validator(mode="after")
    def _keyid_is_of_the_key(self) -> EnrolledPerson:
        if signing_keyid(strict_base64(self.public_key)) != self.keyid:
            raise ValueError("keyid")
        return self


class CardPerson(EnrolledPerson):
    """Somebody on the approved register."""

    urn: Urn | None
    status: Literal["active", "revoked"]
    since: Day | Moment


class CardSealingKey(Strict):
    """A vault that packages may be sealed to."""

    keyid: KeyIdText
    public_key: SealingKeyText
    urn: Urn | None
    owner: Name


class TrustCard(Strict):
    """The trust's register, as every vault holds it."""

    trust: Name
    version: Annotated[int, Field(ge=1)]
    expires: Day
    signing_key: SigningKeyText
    sealing_key: SealingKeyText
    schools: list[CardSchool]
    people: list[CardPerson]
    sealing_keys: list[CardSealingKey]
    required_signers: dict[str, list[list[Role]]]
    calendar: Any
    due_dates: Any


class PackTheme(Strict):
    """A theme of the term; ``expected_checks`` are the ids of the checks that go with it."""

    id: Name
    title: Name
    why: Text
    expected_checks: Annotated[list[Name], Field(max_length=40)]


class FocusPack(Strict):
    """The term's themes and the forms that go with them.

    What a form, a course or a policy may hold is judged where it is taken in.
    """

    academic_year: YearText
    term: TermName
    themes: Annotated[list[PackTheme], Field(max_length=40)]
    forms: Annotated[list[dict[str, Any]], Field(max_length=100)]
    courses: Annotated[list[dict[str, Any]], Field(max_length=400)]
    policies: Annotated[list[dict[str, Any]], Field(max_length=400)]
    message: Text

    @model_validator(mode="after")
    def _each_once(self) -> FocusPack:
        if len({theme.id for theme in self.themes}) < len(self.themes):
            raise ValueError("a theme stands there twice")
        named = {(form.get("form_id"), str(form.get("version"))) for form in self.forms}
        if len(named) < len(self.forms):
            raise ValueError("a form stands there twice")
        return self


class Enrolment(Strict):
    """The keys of a vault, asking to be registered."""

    profile: Literal["school", "governor", "trust"]
    urn: Urn | None
    people: Annotated[list[EnrolledPerson], Field(min_length=1, max_length=8)]
    sealing_key: SealingKeyText


class FormReference(Strict):
    """A form, its version and the hash of its definition."""

    id: Name
    version: Name
    sha256: Digest


class AuditPoint(Strict):
    """Where the vault's audit chain stood when the return was signed."""

    sequence: Annotated[int, Field(ge=0)]
    hash: Digest


class Explanation(Strict):
    """What the school says to a rule's question."""

    rule: Name
    text: Text


class TermlyReturn(Strict):
    """A school's term."""

    academic_year: YearText
    term: TermName
    form: FormReference
    answers: dict[str, Any]
    provenance: dict[str, Literal["counted", "typed", "carried", "changed"]]
    explanations: list[Explanation]
    audit: AuditPoint


class MonitoringVisit(Strict):
    """A governor's check."""

    visited_on: Day
    form: FormReference
    answers: dict[str, Any]
    actions: list[dict[str, Any]]
    themes: list[Any]


class Query(Strict):
    """A question to a school about one field of its return."""

    field: Name
    text: Text


class Receipt(Strict):
    """What became of a package received."""

    of: Digest
    verdict: Literal["accepted", "queried"]
    queries: list[Query]


Body = TrustCard | FocusPack | Enrolment | TermlyReturn | MonitoringVisit | Receipt

_SHAPES: dict[str, type[Body]] = {
    "trust-card": TrustCard,
    "focus-pack": FocusPack,
    "enrolment": Enrolment,
    "termly-return": TermlyReturn,
    "monitoring-visit": MonitoringVisit,
    "receipt": Receipt,
}
KINDS = frozenset(_SHAPES)


def field_explained(rule: str) -> str:
    """Return the field that an explanation is about, by the rule it stands under; else nothing.

    ``query.FIELD`` answers a query of the ESL's, ``changed:FIELD`` says why a counted figure was
    changed; an explanation under any other rule answers a rule of the form.
    """
    for before in ("query.", "changed:"):
        if rule.startswith(before):
            return rule.removeprefix(before)
    return ""


def read_body(kind: str, untrusted_body: Any) -> Body:
    """Return the body in its shape.

    Raises:
        PackageError: ``invalid-answers``, with the first member at fault.

    """
    try:
        return _SHAPES[kind].model_validate(untrusted_body)
    except ValidationError as fault:
        place = ".".join(str(part) for part in fault.errors()[0]["loc"])
        raise PackageError("invalid-answers", place[:80]) from fault


def series_of(kind: str, urn: int | None, body: Body, package_id: str) -> str:
    """Return what a package's revisions have in common: school, year, term and kind.

    Visits and receipts have no term of their own: a visit is told by its form and date, a
    receipt by what it answers; an enrolment stands alone.
    """
    if isinstance(body, TermlyReturn):
        parts: tuple[object, ...] = (urn, body.academic_year, body.term)
    elif isinstance(body, FocusPack):
        parts = (body.academic_year, body.term)
    elif isinstance(body, MonitoringVisit):
        parts = (urn, body.form.id, body.visited_on)
    elif isinstance(body, Receipt):
        parts = (body.of,)
    else:
        parts = () if isinstance(body, TrustCard) else (package_id,)
    return " ".join(str(part) for part in (kind, *parts))
