"""A check the trust wrote itself, from its pack to the school and the trust."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from odbst_desktop.form_library.trust_forms import form_in_use
from odbst_desktop.monitoring.visits import (
    close_visit,
    explain,
    judge_visit,
    read_visit,
    save_visit,
    start_visit,
    visits,
)
from odbst_desktop.office import inbox, outbox
from odbst_desktop.vault.vault import Vault
from tests.returns.autumn import PASSPHRASE, URN

WALK = "lunchtime_walk"


def test_a_published_check_is_made_signed_and_taken_in_at_school_and_trust(
    unlocked: Callable[[str], Vault], clock: Any, tmp_path: Path
) -> None:
    clock.day = date(2027, 1, 20)
    governor = unlocked("governor")
    with governor.reading() as session:
        form = form_in_use(session, WALK)
    assert form is not None, "the spring's pack brought it"
    made = start_visit(governor, URN, WALK)
    answers: dict[str, Any] = dict(read_visit(governor, made).answers)
    for question in form.questions():
        if question.name in answers or not question.is_asked:
            continue
        if question.type == "select_one":
            answers[question.name] = question.choices[-1].name
        elif question.type == "integer":
            answers[question.name] = 1
        elif question.type == "text":
            answers[question.name] = "Adults stood where the children were."
    save_visit(governor, made, answers)
    explain(governor, made, {p.rule: "Seen." for p in judge_visit(governor, made).warnings})
    close_visit(governor, made)
    sent = outbox.monitoring_visit(governor, made, PASSPHRASE)
    assert len(sent) == 2
    verdicts = []
    vaults = {name: unlocked(name) for name in ("oakfield", "trust")}
    for package in sent:
        path = tmp_path / package.name
        path.write_bytes(package.data)
        for name, vault in vaults.items():
            verdict = inbox.import_file(vault, path)
            verdicts.append((name, verdict.verdict, verdict.code))
    assert [v for v in verdicts if v[1] == "accepted"] == [
        ("oakfield", "accepted", "ok"), ("trust", "accepted", "ok"),
    ]  # fmt: skip
    with vaults["oakfield"].reading() as session:
        (walk,) = [v for v in visits(session) if v.form_id == WALK]
    assert walk.form.title == form.title
    assert walk.form_version == form.version
