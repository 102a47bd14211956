"""Where a return stands: one state in words and shape, and the way it has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from odbst_desktop.errors import InputError
from odbst_desktop.exchange.envelope import parse_envelope
from odbst_desktop.returns.drafting import Return, ReturnId, refuse_unready, returns
from odbst_desktop.returns.queries import ReceivedReceipt, receipts
from odbst_desktop.returns.set_aside import read_payload
from odbst_desktop.returns.signing import payload_hash
from odbst_desktop.school.typed_dates import show_date
from odbst_desktop.vault.vault import Vault

STATES = {
    "draft": ("○", "Draft"),
    "ready": ("◇", "Ready to sign"),
    "signed": ("◐", "Signed by the DSL"),
    "countersigned": ("●", "Countersigned"),
    "exported": ("↗", "Exported"),
    "received": ("▣", "Received"),
    "queried": ("?", "Queried"),
    "accepted": ("✓", "Accepted"),
    "amended": ("↻", "Amended"),
}
"""Each state with its shape and its word."""

_WAY = ("draft", "ready", "signed", "countersigned", "exported", "received")


@dataclass(frozen=True, slots=True)
class Step:
    """A state on the way of a return; ``said`` is a date or a name, empty if there is none."""

    state: str
    is_done: bool
    said: str = ""

    @property
    def words(self) -> str:
        """Return the step as it is shown, with a tick or a circle."""
        return f"{'✓' if self.is_done else '○'} {STATES[self.state][1]}"


@dataclass(frozen=True, slots=True)
class Standing:
    """A return with its state, what the ESL answered, and whether a later revision was begun."""

    found: Return
    state: str
    receipt: ReceivedReceipt | None
    is_superseded: bool
    signed_by: tuple[str, ...] = ()
    awaited: str = ""

    @property
    def words(self) -> str:
        """Return the state as it is shown: a shape, the word, and what makes it plainer."""
        shape, word = STATES[self.state]
        more = ""
        if self.state == "signed":
            more = f", waits for {self.awaited}"
        elif self.state == "exported" and self.found.exported_at:
            more = (
                f" on {show_date(_day(self.found.exported_at))}" if self.found.exported_at else ""
            )
        elif self.state == "amended":
            more = f" by revision {self.found.revision + 1}"
        elif self.state in {"queried", "accepted"} and self.receipt is not None:
            more = f" on {show_date(_day(self.receipt.at))}"
        return f"{shape} {word}{more}"

    def age_days(self, today: date) -> int | None:
        """Return for how many days the return was sealed and nothing came back; None if it did."""
        if self.receipt is not None or not self.found.exported_at:
            return None
        return max((today - _day(self.found.exported_at)).days, 0)

    @property
    def may_be_amended(self) -> bool:
        """Say whether a next revision can be begun from this one."""
        return self.state in {"exported", "queried", "accepted"}

    def way(self) -> tuple[Step, ...]:
        """Return the steps from draft to the ESL's answer, done or not."""
        place = _WAY.index(self.state) if self.state in _WAY else len(_WAY) - 1
        if self.found.state == "sent" and self.receipt is None:
            place = _WAY.index("exported")
        steps = [Step(state, number <= place) for number, state in enumerate(_WAY)]
        answered = self.receipt is not None
        verdict = "queried" if self.receipt and self.receipt.verdict == "queried" else "accepted"
        return (*steps, Step(verdict, answered))


def standings_of(session: Session, *, ready: frozenset[str] = frozenset()) -> tuple[Standing, ...]:
    """Return every return with its standing, the newest term and revision first.

    ``ready`` are the ids of drafts in which nothing is left to mend or to explain.
    """
    answered = receipts(session)
    known = returns(session)
    left = {(r.year, r.term, r.revision) for r in known if r.state != "draft"}
    return tuple(_standing(found, answered, left, found.id in ready) for found in known)


def is_ready(vault: Vault, made: ReturnId) -> bool:
    """Say whether a draft could be signed as it is."""
    try:
        refuse_unready(vault, made)
    except InputError:
        return False
    return True


def ready_drafts(vault: Vault) -> frozenset[str]:
    """Return the drafts in which nothing is left to mend or to explain."""
    with vault.reading() as session:
        drafts = [found.id for found in returns(session) if found.state == "draft"]
    return frozenset(made for made in drafts if is_ready(vault, made))


def _standing(
    found: Return,
    answered: dict[str, ReceivedReceipt],
    left: set[tuple[str, str, int]],
    is_ready: bool,  # noqa: FBT001 - read beside the id it belongs to
) -> Standing:
    receipt = answered.get(payload_hash(found)) if found.envelope else None
    is_superseded = (found.year, found.term, found.revision + 1) in left
    if is_superseded:
        state = "amended"
    elif receipt is not None:
        state = receipt.verdict
    elif found.state == "draft":
        state = "ready" if is_ready else "draft"
    else:
        state = {"half_signed": "signed", "signed": "countersigned", "sent": "exported"}[
            found.state
        ]
    signed_by, awaited = _signers(found)
    return Standing(found, state, receipt, is_superseded, signed_by, awaited)


def _signers(found: Return) -> tuple[tuple[str, ...], str]:
    if found.envelope is None:
        return (), ""
    envelope = parse_envelope(found.envelope)
    signed = {signature.keyid for signature in envelope.signatures}
    listed = read_payload(envelope).signers
    waiting = [signer.person for signer in listed if signer.keyid not in signed]
    return tuple(s.person for s in listed if s.keyid in signed), ", ".join(waiting)


def _day(moment: str) -> date:
    return date.fromisoformat(moment[:10])
