"""``odbst handbook``: the handbook, or a page of it, as a PDF."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from odbst_desktop.command_line.options import DONE
from odbst_desktop.files import write_whole
from odbst_desktop.handbook.pages import page, pages, search
from odbst_desktop.handbook.paper import handbook_paper, page_paper


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    handbook = commands.add_parser("handbook", help="print the handbook, list or search its pages")
    handbook.add_argument("--page", metavar="NAME", help="one page of it")
    handbook.add_argument("--search", metavar="WORDS", help="name the lines that hold the words")
    handbook.add_argument("--out", type=Path, metavar="FILE.pdf", help="else its pages are listed")
    handbook.set_defaults(work=_handbook)


def _handbook(options: argparse.Namespace) -> int:
    if options.search:
        for found in search(options.search):
            print(f"{found.page.name}: {found.line}")
        return DONE
    if options.out is None:
        for each in [page(options.page)] if options.page else pages():
            print(each.text if options.page else f"{each.name:16} {each.title}")
        return DONE
    today = date.today()  # noqa: DTZ011 - the day on the desk
    paper = page_paper(page(options.page), today) if options.page else handbook_paper(today)
    write_whole(options.out, paper.pdf())
    print(options.out)
    return DONE
