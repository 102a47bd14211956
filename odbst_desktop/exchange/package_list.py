"""What is known of packages without reading what is in them: a list may be long."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from odbst_desktop.exchange.records import PackageRow


@dataclass(frozen=True, slots=True)
class ListedPackage:
    """A package sent or received as a list shows it."""

    kind: str
    issuer: str
    revision: int
    direction: str
    verdict: str
    at: str


def listed_packages(session: Session) -> tuple[ListedPackage, ...]:
    """Return every package, newest first."""
    rows = session.connection().execute(
        select(
            col(PackageRow.kind), col(PackageRow.issuer), col(PackageRow.revision),
            col(PackageRow.direction), col(PackageRow.verdict), col(PackageRow.at),
        ).order_by(col(PackageRow.at).desc(), col(PackageRow.revision).desc())
    )  # fmt: skip
    return tuple(ListedPackage(*row) for row in rows)


def digests(session: Session) -> set[str]:
    """Return the payload hashes of everything sent and received."""
    return set(session.connection().execute(select(col(PackageRow.payload_sha256))).scalars())


def series_received(session: Session, kind: str) -> tuple[str, ...]:
    """Return the series of a kind of which a package was received."""
    query = select(col(PackageRow.series)).where(
        col(PackageRow.kind) == kind, col(PackageRow.direction) == "received"
    )
    return tuple(session.connection().execute(query.distinct()).scalars())
