"""What the pages of signing show of a return; read off the window's thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

from odbst_desktop.exchange.register import SealTo
from odbst_desktop.returns.before_signing import TrustStanding, clock_doubt, trust_standing
from odbst_desktop.returns.countersigners import Countersigner, countersigners
from odbst_desktop.returns.drafting import ReturnId
from odbst_desktop.returns.other_laptop import other_vaults
from odbst_desktop.returns.queries import queries_of
from odbst_desktop.returns.signing import awaited_signer
from odbst_desktop.returns.standing import Standing, is_ready, standings_of
from odbst_desktop.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class SignOffFacts:
    """A return as it stands for signing; ``queries`` are the ESL's to this or the one before."""

    standing: Standing
    trust: TrustStanding
    clock_doubt: str
    seconds: tuple[Countersigner, ...]
    awaited: Countersigner | None
    queries: tuple[tuple[str, str], ...]
    others: tuple[SealTo, ...]

    @property
    def is_draft(self) -> bool:
        """Say whether it can be changed without taking a signature away."""
        return self.standing.found.state == "draft"

    def query_notes(self) -> dict[str, str]:
        """Return what the ESL asked, by field."""
        notes: dict[str, str] = {}
        for field, text in self.queries:
            notes[field] = f"{notes[field]} {text}" if field in notes else f"? The ESL asks: {text}"
        return notes


def sign_off_facts(vault: Vault, made: ReturnId) -> SignOffFacts:
    """Return the facts of one return."""
    ready = frozenset({str(made)} if is_ready(vault, made) else ())
    seconds, others = countersigners(vault), other_vaults(vault)
    with vault.reading() as session:
        known = standings_of(session, ready=ready)
        standing = next(each for each in known if each.found.id == made)
        found = standing.found
        trust = trust_standing(session, vault.user, vault.today())
        doubt = clock_doubt(session, vault.clock().astimezone(UTC), found.year, found.term)
        own = standing.receipt.queries if standing.receipt is not None else ()
        queries = own or queries_of(session, found.supersedes)
    awaited = awaited_signer(vault, found) if found.state == "half_signed" else None
    return SignOffFacts(standing, trust, doubt, seconds, awaited, queries, others)
