"""Make packages: payload, name, and the file written whole. Source: package format, 1 and 5."""

from __future__ import annotations

import base64
import json
import re
import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from odbst_desktop.errors import InputError
from odbst_desktop.exchange.bodies import read_body
from odbst_desktop.exchange.checking import DEMONSTRATION, MOST_PAYLOAD_BYTES
from odbst_desktop.exchange.envelope import Envelope
from odbst_desktop.exchange.payload import Issuer, Kind, Payload, Signer


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document to send along: its name, media type and bytes."""

    name: str
    media_type: str
    content: bytes


def issuer_of(urn: int | None, name: str, *, is_demonstration: bool) -> Issuer:
    """Return the issuer of what a vault sends; the trust's has no URN."""
    said = f"{DEMONSTRATION} {name}" if is_demonstration else name
    return Issuer(type="trust" if urn is None else "school", urn=urn, name=said)


def new_envelope(
    kind: Kind,
    *,
    issued_at: str,
    audience: str | None,
    issuer: Issuer,
    signers: Sequence[Signer],
    body: Mapping[str, Any],
    attachments: Sequence[Attachment] = (),
    revision: int = 1,
    supersedes: str | None = None,
) -> Envelope:
    """Return an unsigned package whose payload passed the same shapes as a received one.

    Raises:
        PackageError: the body does not have its kind's shape.
        InputError: with its documents it is larger than a package may be.

    """
    payload = Payload.model_validate(
        {
            "format": "odbst/1",
            "kind": kind,
            "id": str(uuid.uuid4()),
            "issued_at": issued_at,
            "audience": audience,
            "issuer": issuer.model_dump(),
            "signers": [signer.model_dump() for signer in signers],
            "revision": revision,
            "supersedes": supersedes,
            "body": dict(body),
            "documents": [_document(attachment) for attachment in attachments],
        }
    )
    read_body(kind, payload.body)
    data = json.dumps(payload.model_dump(), ensure_ascii=False).encode()
    if len(data) > MOST_PAYLOAD_BYTES:
        raise InputError(
            "The package would be larger than 20 MB. Leave out a document and try again."
        )
    return Envelope(f"application/vnd.odbst.{kind}+json;version=1", data)


def package_file_name(school: str, year: str, term: str, kind: str, revision: int) -> str:
    """Return the file name to offer, e.g. ``oakfield-2026-27-autumn-termly-return-r1.odbst``."""
    plain = unicodedata.normalize("NFKD", school).encode("ascii", "ignore").decode().lower()
    words = [re.sub(r"[^a-z0-9]+", "-", plain).strip("-"), year, term, kind, f"r{revision}"]
    return "-".join(word for word in words if word) + ".odbst"


def _document(attachment: Attachment) -> dict[str, Any]:
    return {
        "name": attachment.name,
        "media_type": attachment.media_type,
        "size": len(attachment.content),
        "sha256": sha256(attachment.content).hexdigest(),
        "data": base64.b64encode(attachment.content).decode(),
    }
