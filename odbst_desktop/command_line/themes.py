"""``odbst themes`` and ``odbst reviews``: the trust's themes and its own checks and reviews."""

from __future__ import annotations

import argparse
import json

from odbst_desktop.command_line.options import DONE, unlocked, with_json, with_term, with_vault
from odbst_desktop.errors import InputError
from odbst_desktop.office.review_desk import review_desk
from odbst_desktop.office.theme_desk import budget_of, silence_of, theme_desk, three_views_of
from odbst_desktop.school.typed_dates import read_typed_date
from odbst_desktop.trust.overload import budget_words
from odbst_desktop.trust.pack_draft import save_pack_draft
from odbst_desktop.trust.reviews import plan_review, review_kinds, review_reasons
from odbst_desktop.trust.terms import TermOf
from odbst_desktop.trust.themes import choose_themes


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    themes = commands.add_parser("themes", help="the trust's themes")
    actions = themes.add_subparsers(required=True, metavar="ACTION")
    for name, work, words in (
        ("propose", _propose, "themes out of a term's returns, with their arithmetic"),
        ("silent", _silent, "what stopped being recorded in a term's returns"),
        ("views", _views, "facts that governor, return and log tell differently"),
    ):
        command = actions.add_parser(name, help=words)
        with_vault(command, work)
        with_term(command, is_required=True)
        with_json(command)
    choose = actions.add_parser("choose", help="choose themes out of a term's returns")
    with_vault(choose, _choose)
    with_term(choose, is_required=True)
    choose.add_argument(
        "--theme", action="append", required=True, metavar="ID=REASON", help="one to three"
    )
    choose.add_argument("--message", metavar="TEXT", help="of the focus pack, in place of its own")
    reviews = commands.add_parser("reviews", help="strategic checks and whole-school reviews")
    asked = reviews.add_subparsers(required=True, metavar="ACTION")
    listed = asked.add_parser("list", help="schools by their reasons, and every review")
    with_vault(listed, _reviews)
    with_json(listed)
    plan = asked.add_parser("plan", help="plan a check or review")
    with_vault(plan, _plan)
    plan.add_argument("--urn", type=int, required=True)
    plan.add_argument("--kind", required=True, choices=tuple(review_kinds()))
    plan.add_argument("--day", required=True, metavar="DATE")
    plan.add_argument("--reason", action="append", required=True, choices=tuple(review_reasons()))
    plan.add_argument("--why", default="")


def _propose(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        desk = theme_desk(vault, TermOf(options.year, options.term))
    for each in desk.proposed:
        if options.json:
            lines = {n.name: {"points": n.points, "weight": n.weight, "words": n.words}
                     for n in each.lines}  # fmt: skip
            facts = {"rank": each.rank, "theme": each.rule.id, "score": each.score,
                     "driven_by": each.driven_by, "lines": lines}  # fmt: skip
            print(json.dumps(facts, ensure_ascii=False))
        else:
            print(f"{each.rank:2}. {each.title}: {each.arithmetic}. {each.stability}")
    return DONE


def _silent(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        found = silence_of(vault, theme_desk(vault, TermOf(options.year, options.term)))
    for each in found:
        facts = {"school": each.school, "figure": each.label, "kind": each.kind,
                 "sentence": each.sentence}  # fmt: skip
        said = json.dumps(facts, ensure_ascii=False)
        print(said if options.json else f"{each.school}: {each.sentence}")
    return DONE


def _views(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        found = three_views_of(theme_desk(vault, TermOf(options.year, options.term)))
    for each in found:
        views = each.views
        facts = {"school": each.school, "fact": views.fact.id, "governor": views.governor,
                 "return": views.returned, "log": views.logged,
                 "differences": list(views.differences)}  # fmt: skip
        if options.json:
            print(json.dumps(facts, ensure_ascii=False))
        elif views.differences:
            print(f"{each.school}: {views.fact.label}. {' '.join(views.differences)}")
    return DONE


def _choose(options: argparse.Namespace) -> int:
    reasons = dict(theme.partition("=")[::2] for theme in options.theme)
    with unlocked(options) as vault:
        desk = theme_desk(vault, TermOf(options.year, options.term))
        if not desk.ground.now:
            raise InputError(f"There is no return of {desk.ground.term.words} in this vault.")
        choose_themes(
            vault, desk.term, desk.ground.term, reasons, desk.proposed, desk.weights.weights
        )
        if options.message:
            answers = dict(desk.pack_answers) | {"message": options.message}
            save_pack_draft(vault, desk.term, answers)
    print(f"Chosen for {desk.term.words}. {budget_words(*budget_of(desk, reasons))}")
    return DONE


def _reviews(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        desk, today = review_desk(vault), vault.today()
    for place in desk.priorities:
        facts = {"urn": place.school.urn, "school": place.school.name, "points": place.points,
                 "reasons": [reason for reason, _ in place.reasons]}  # fmt: skip
        said = json.dumps(facts, ensure_ascii=False)
        print(said if options.json else f"{place.school.name} ({place.points}): {place.words}")
    for made in desk.reviews:
        facts = {"id": made.id, "urn": made.urn, "kind": made.form.form_id,
                 "planned_for": made.planned_for.isoformat(), "state": made.state}  # fmt: skip
        words = f"{made.planned_for} {made.kind_words}, {made.school}: {made.words_on(today)}"
        print(json.dumps(facts, ensure_ascii=False) if options.json else words)
    return DONE


def _plan(options: argparse.Namespace) -> int:
    with unlocked(options) as vault:
        day = read_typed_date(options.day, vault.today())
        made = plan_review(
            vault, options.urn, options.kind, day, reasons=options.reason, why=options.why
        )
    print(made)
    return DONE
