"""What every payload holds. Source: package format, section 5."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from odbst_desktop.exchange.envelope import strict_base64

Kind = Literal[
    "trust-card", "focus-pack", "enrolment", "termly-return", "monitoring-visit", "receipt"
]
Role = Literal["esl", "dsl", "headteacher", "governor", "chair", "trustee"]
OPEN_KINDS = frozenset({"trust-card", "focus-pack"})
SELF_SIGNED_KINDS = frozenset({"trust-card", "enrolment"})
_DOCUMENT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,79}")
_UUID4 = r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"


def _moment(text: str) -> str:
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text, re.ASCII):
        raise ValueError("not RFC 3339 UTC with whole seconds")
    datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return text


def _document_name(text: str) -> str:
    if not _DOCUMENT_NAME.fullmatch(text):
        raise ValueError("document name")
    return text


# In these patterns `$` is the very end: pydantic's engine has no line-break exception.
KeyIdText = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Moment = Annotated[str, AfterValidator(_moment)]
Urn = Annotated[int, Field(ge=100_000, le=999_999)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class Strict(BaseModel):
    """Exact members and exact types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Issuer(Strict):
    """Who issues a package: a school with its URN, or the trust without."""

    type: Literal["trust", "school"]
    urn: Urn | None
    name: Name

    @model_validator(mode="after")
    def _urn_of_schools_only(self) -> Issuer:
        if (self.urn is None) != (self.type == "trust"):
            raise ValueError("a school has a URN, a trust none")
        return self


class Signer(Strict):
    """Somebody who is to sign."""

    keyid: KeyIdText
    person: Name
    role: Role


class Document(Strict):
    """A file that travels along; it is evidence and is never opened by itself."""

    name: Annotated[str, AfterValidator(_document_name)]
    media_type: Literal["application/pdf", "image/png", "image/jpeg", "text/csv"]
    size: Annotated[int, Field(ge=0)]
    sha256: Digest
    data: str

    @cached_property
    def content(self) -> bytes:
        """Return the document's bytes."""
        return strict_base64(self.data)


class Payload(Strict):
    """A payload whose form is right; what its body says is checked later."""

    format: Literal["odbst/1"]
    kind: Kind
    id: Annotated[str, Field(pattern=_UUID4)]
    issued_at: Moment
    audience: KeyIdText | None
    issuer: Issuer
    signers: Annotated[list[Signer], Field(min_length=1, max_length=8)]
    revision: Annotated[int, Field(ge=1)]
    supersedes: Digest | None
    body: dict[str, Any]
    documents: Annotated[list[Document], Field(max_length=20)]

    @model_validator(mode="after")
    def _members_agree(self) -> Payload:
        if (self.audience is None) != (self.kind in OPEN_KINDS):
            raise ValueError("the open kinds have no audience, the sealed ones have")
        # A trust card's order is its version's, so its revision stays 1.
        if (self.supersedes is None) != (self.revision == 1):
            raise ValueError("a later revision names the one it supersedes")
        names = {document.name.casefold() for document in self.documents}
        if len(names) != len(self.documents):
            raise ValueError("two documents have one name")
        for document in self.documents:
            document.content  # noqa: B018 - decoded once, here, where a fault is one of the form
        return self

    def has_a_person_twice(self) -> bool:
        """Say whether two signers are one key or one name."""
        people = {unicodedata.normalize("NFC", s.person).casefold() for s in self.signers}
        keys = {s.keyid for s in self.signers}
        return min(len(people), len(keys)) < len(self.signers)
