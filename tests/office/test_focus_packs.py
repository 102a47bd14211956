"""Focus packs between real vaults: made from chosen themes, refused whole or taken in whole."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from odbst_desktop.compliance.trust_versions import trust_versions
from odbst_desktop.errors import InputError
from odbst_desktop.exchange.bodies import FocusPack
from odbst_desktop.exchange.payload import Signer
from odbst_desktop.exchange.register import packages
from odbst_desktop.exchange.writing import issuer_of, new_envelope
from odbst_desktop.form_engine.reading import reading_of, shipped_form
from odbst_desktop.form_library.definitions import keep_shipped
from odbst_desktop.form_library.trust_forms import (
    form_in_use,
    import_form,
    mark_form,
    trust_forms,
)
from odbst_desktop.monitoring.cycle import cycle
from odbst_desktop.monitoring.packs import note_read, packs_taken, read_notice
from odbst_desktop.monitoring.themes import themes_of
from odbst_desktop.monitoring.visits import visits
from odbst_desktop.office import inbox, outbox
from odbst_desktop.office.opening import own_keys
from odbst_desktop.returns.drafting import open_return, read_return, return_form, return_form_in_use
from odbst_desktop.returns.versions import move_return
from odbst_desktop.school.calendar import academic_year
from odbst_desktop.school.owner import Profile
from odbst_desktop.school.schools import School, write_school
from odbst_desktop.shipped import shipped_yaml
from odbst_desktop.training.published import catalogue_in_use
from odbst_desktop.trust.pack_draft import save_pack_draft
from odbst_desktop.trust.terms import TermOf
from odbst_desktop.trust.theme_proposal import propose
from odbst_desktop.trust.themes import choose_themes, ground_of, weights_in_use
from odbst_desktop.vault.vault import Vault

PASSPHRASE = "copper lantern drifting orchard"
SPRING, AUTUMN = TermOf("2026-27", "spring"), TermOf("2026-27", "autumn")
DRAFT: dict[str, Any] = {
    "message": "Thank you for the returns. This term we look at the online world together.",
    "ask_in_return": "yes",
    "expected_version": "9.1.0",
    "kept_at": "the school’s software centre",
    "policies": [
        {"policy": "online_safety", "policy_version": "2027.1", "published_on": "2026-11-20",
         "policy_changes": "Images made by AI"}
    ],
    "courses": [{"course": "fgm_awareness", "course_months": 12}],
}  # fmt: skip


@pytest.fixture
def trust(open_vaults: Callable[..., Vault]) -> Vault:
    vault = open_vaults("trust", Profile.TRUST, None, "Helen Ashby")
    with vault.changing("school added", "school") as session:
        write_school(session, School(900101, "Oakfield", "buckinghamshire", "primary", "North"))
    return vault


@pytest.fixture
def write(tmp_path: Path) -> Callable[[outbox.Outgoing], Path]:
    def write(sent: outbox.Outgoing) -> Path:
        path = tmp_path / sent.name
        path.write_bytes(sent.data)
        return path

    return write


@pytest.fixture
def known(trust: Vault, school: Vault, write: Callable[[outbox.Outgoing], Path]) -> None:
    inbox.import_file(school, write(outbox.trust_card(trust, PASSPHRASE)))
    esl = own_keys(trust).signing[0]
    inbox.approve(school, esl.keyid, esl.fingerprint)


def choose(trust: Vault, term: TermOf, **reasons: str) -> None:
    with trust.reading() as session:
        ground = ground_of(session, return_form(), term.later(-1))
        weights = weights_in_use(session).weights
    proposal = propose(ground, weights)
    choose_themes(trust, term, term.later(-1), reasons, proposal, weights)


def sent_pack(trust: Vault, term: TermOf = SPRING, **changes: Any) -> outbox.Outgoing:
    save_pack_draft(trust, term, DRAFT | changes)
    return outbox.focus_pack(trust, term, PASSPHRASE)


def forged(trust: Vault, path: Path, **changes: Any) -> None:
    """Write a pack that the ESL truly signed, whatever it says."""
    body = {"academic_year": "2026-27", "term": "spring", "themes": [], "forms": [],
            "courses": [], "policies": [], "message": ""} | changes  # fmt: skip
    empty: dict[str, Any] = {name: [] for name in body if isinstance(body[name], list)}
    signer = Signer(keyid=own_keys(trust).signing[0].keyid, person="Helen Ashby", role="esl")
    made = new_envelope(
        "focus-pack", issued_at=trust.now(), audience=None,
        issuer=issuer_of(None, "Trust", is_demonstration=False), signers=[signer],
        body=body | empty,
    )  # fmt: skip
    # The program's own writer would not make what a hostile pack says.
    payload = json.loads(made.payload) | {"body": body}
    altered = replace(made, payload=json.dumps(payload).encode())
    path.write_bytes(altered.signed_with(trust.signing_key(trust.user.id, PASSPHRASE)).to_bytes())


def own_form(version: str = "2026.1") -> dict[str, Any]:
    content = copy.deepcopy(shipped_yaml("resources/demonstration.yaml")["trust_form"])
    return dict(content) | {"version": version}


@pytest.mark.usefixtures("known")
def test_a_pack_brings_everything_it_holds_into_use(
    trust: Vault, school: Vault, write: Callable[[outbox.Outgoing], Path]
) -> None:
    mark_form(trust, import_form(trust, reading_of(own_form(), "walk.xlsx")).id, is_marked=True)
    choose(trust, SPRING, lunchtime="Incidents at lunchtime rose at six schools")
    verdict = inbox.import_file(school, write(sent_pack(trust)))
    assert (verdict.verdict, verdict.code) == ("accepted", "ok")
    with school.reading() as session:
        taken = packs_taken(session)[0]
        held = themes_of(session, 900101, "2026-27")
        planned = cycle(academic_year("2026-27"), visits(session), held)
        walk = form_in_use(session, "lunchtime_walk")
        form = return_form_in_use(session)
        versions = trust_versions(session)
        fgm = catalogue_in_use(session).find("fgm_awareness")
    assert [t.theme.title for t in held] == ["Playground and lunchtime"]
    moved = {c.slot.form_id: c.half_term for c in planned if c.slot.theme}
    assert moved["culture_and_site"].startswith("spring")
    assert "lunchtime_walk" in moved
    assert walk is not None
    assert form.version == f"{return_form().version}.272"
    assert form.question("theme_lunchtime_state") is not None
    assert versions["online_safety"].version == "2027.1"
    assert (fgm.renews, fgm.months) == ("months", 12)
    told = {change.what: (change.before, change.after) for change in taken.changes}
    assert told["Themes of the spring term"] == ("none", "Playground and lunchtime")
    assert told["Form “A walk at lunchtime”"] == ("not in use", "version 2026.1")
    policy = next(stood for what, stood in told.items() if what.startswith("Policy “Online"))
    assert policy == ("no version of the trust", "version 2027.1")
    assert taken.notice is not None
    assert taken.notice.version == "9.1.0"
    assert taken.notice.is_newer_than("1.0.0")
    assert "software centre" in taken.notice.kept_at
    assert taken.read_at is None
    note_read(school, taken.payload_sha256)
    with trust.reading() as session:
        assert {form.state_words for form in trust_forms(session)} == {"Published"}


@pytest.mark.usefixtures("known")
def test_the_next_return_asks_about_the_theme_and_the_trust_takes_it(
    trust: Vault, school: Vault, write: Callable[[outbox.Outgoing], Path]
) -> None:
    begun = open_return(school, "2026-27", "autumn")
    choose(trust, SPRING, online="Online concerns rose")
    inbox.import_file(school, write(sent_pack(trust)))
    assert read_return(school, begun).form_version == return_form().version
    assert move_return(school, begun).added == (), "the spring's questions wait for the spring"
    later = read_return(school, open_return(school, "2026-27", "spring"))
    assert later.form_version == f"{return_form().version}.272"
    choose(trust, AUTUMN, staff="Training")
    inbox.import_file(school, write(sent_pack(trust, AUTUMN)))
    moved = move_return(school, begun)
    assert {"theme_staff_state", "theme_staff_words"} == {q.name for q in moved.added}
    with trust.reading() as session:
        ours = return_form_in_use(session, "2026-27", "autumn")
    assert read_return(school, begun).form_version == ours.version


@pytest.mark.usefixtures("known")
def test_a_later_revision_takes_the_place_of_the_one_before(
    trust: Vault, school: Vault, write: Callable[[outbox.Outgoing], Path]
) -> None:
    choose(trust, SPRING, lunchtime="First thought")
    first = write(sent_pack(trust))
    choose(trust, SPRING, online="On reflection")
    second = write(sent_pack(trust, message="Another theme after all."))
    assert inbox.import_file(school, second).code == "out-of-sequence"
    assert inbox.import_file(school, first).code == "ok"
    assert inbox.import_file(school, second).code == "ok"
    assert inbox.import_file(school, first).code == "already-received"
    with school.reading() as session:
        held = themes_of(session, 900101, "2026-27")
        taken = packs_taken(session)
    assert [t.theme.id for t in held] == ["online"]
    assert [(p.revision, p.message[:7]) for p in taken] == [(2, "Another"), (1, "Thank y")]


@pytest.mark.usefixtures("known")
def test_an_older_terms_pack_does_not_put_old_versions_back(
    trust: Vault, school: Vault, write: Callable[[outbox.Outgoing], Path]
) -> None:
    for term in (AUTUMN, SPRING):
        choose(trust, term, staff="Training")
    old = {"policies": [{"policy": "online_safety", "policy_version": "2026.1"}]}
    autumn = write(sent_pack(trust, AUTUMN, **old))
    spring = write(sent_pack(trust, SPRING))
    assert inbox.import_file(school, spring).code == "ok"
    assert inbox.import_file(school, autumn).code == "ok"
    with school.reading() as session:
        assert trust_versions(session)["online_safety"].version == "2027.1"
        assert return_form_in_use(session).version == f"{return_form().version}.272"
        assert packs_taken(session)[0].term == "spring"


def _bomb() -> dict[str, Any]:
    rows = [{"type": "calculate", "name": f"c{n}", "calculation": f"${{c{(n + 1) % 9000}}}"}
            for n in range(9000)]  # fmt: skip
    return own_form() | {"survey": rows}


HOSTILE: dict[str, Callable[[], dict[str, Any]]] = {
    "no survey": lambda: {"forms": [{"form_id": "x", "version": "1"}]},
    "wrong shape": lambda: {"forms": [own_form() | {"survey": {"type": "text"}}]},
    "unknown type": lambda: {"forms": [own_form() | {"survey": [
        {"type": "geopoint", "name": "a"}]}]},
    "python": lambda: {
        "forms": [own_form() | {"survey": [
            {"type": "calculate", "name": "a", "calculation": "__import__('os').system('id')"}]}]
    },
    "other member": lambda: {"forms": [own_form() | {"code": "x"}]},
    "circle": lambda: {"forms": [_bomb()]},
    "too many rows": lambda: {"forms": [
        own_form(str(n)) | {"survey": [{"type": "note", "name": f"n{i}", "label": "x"}
                                       for i in range(4000)]} for n in range(3)]},
    "too large": lambda: {"forms": [own_form() | {"title": "x" * 4_100_000}]},
    "same version, other words": lambda: {
        "forms": [dict(shipped_form("monitoring/online_safety").raw) | {"title": "Another"}]
    },
    "a form twice": lambda: {"forms": [own_form(), own_form()]},
    "a theme twice": lambda: {"themes": [
        {"id": "a", "title": "A", "why": "", "expected_checks": []}] * 2},
    "a theme with more": lambda: {"themes": [
        {"id": "a", "title": "A", "why": "", "expected_checks": [], "minutes": 3}]},
    "an unknown course field": lambda: {"courses": [{"id": "fgm_awareness", "run": "x"}]},
    "an unknown policy": lambda: {"policies": [{"id": "no_such", "version": "1"}]},
}  # fmt: skip


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_pack_with_one_bad_part_is_refused_whole_and_soon(
    trust: Vault, school: Vault, tmp_path: Path, name: str
) -> None:
    keep_shipped(school)
    good = {"id": "ok", "title": "Sound", "why": "", "expected_checks": []}
    changes = {"themes": [good]} | HOSTILE[name]()
    path = tmp_path / "pack.odbst"
    forged(trust, path, **changes)
    begun = time.perf_counter()
    verdict = inbox.import_file(school, path)
    took = time.perf_counter() - begun
    assert (verdict.verdict, verdict.code) == ("rejected", "invalid-answers")
    assert took < 5
    with school.reading() as session:
        assert packs_taken(session) == ()
        assert themes_of(session, 900101, "2026-27") == ()
        assert form_in_use(session, "lunchtime_walk") is None


def test_a_pack_needs_a_theme_with_a_reason_and_a_message(trust: Vault) -> None:
    with pytest.raises(InputError, match="No theme is chosen"):
        sent_pack(trust)
    with pytest.raises(InputError, match="Say why"):
        choose(trust, SPRING, online=" ")
    with pytest.raises(InputError, match="one to 3"):
        choose(trust, SPRING, online="a", staff="b", send="c", adults="d")
    choose(trust, SPRING, online="Rising")
    with pytest.raises(InputError, match="not ready"):
        sent_pack(trust, message="")
    with trust.reading() as session:
        assert packages(session, "focus-pack") == ()
    sent_pack(trust)
    with trust.reading() as session:
        body = packages(session, "focus-pack")[0].body()
    assert isinstance(body, FocusPack)
    assert body.themes[0].why == "Rising"


def test_a_message_cannot_pass_for_an_update_notice(trust: Vault) -> None:
    choose(trust, SPRING, online="Rising")
    message = "Dear all\nProgram version expected: 99.0. Kept at: a stranger’s page"
    save_pack_draft(trust, SPRING, {"message": message, "ask_in_return": "no"})
    outbox.focus_pack(trust, SPRING, PASSPHRASE)
    with trust.reading() as session:
        body = packages(session, "focus-pack")[0].body()
    assert isinstance(body, FocusPack)
    assert read_notice(body.message) is None
