"""The handbook, or a page of it, as a paper."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from odbst_desktop.handbook.pages import Page, pages, picture_file, plain_words
from odbst_desktop.reports.document import (
    Block,
    Bullets,
    Contents,
    Grid,
    Heading,
    NewPage,
    Paper,
    Paragraph,
    Picture,
    ReportHead,
)

_PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]*)\)")
_NUMBER = re.compile(r"^\d+\. ")
_RULE = re.compile(r"^\|[-| :]+\|$")


def handbook_paper(on: date) -> Paper:
    """Return the whole handbook, each page of it on a new page."""
    blocks: list[Block] = [Contents()]
    for each in pages():
        blocks += [NewPage(), Heading(each.title), *page_blocks(each, below=1)]
    return Paper("odbst-handbook", _head("Handbook", on), tuple(blocks))


def page_paper(page: Page, on: date) -> Paper:
    """Return one page as a paper of its own."""
    return Paper(f"odbst-{page.name}", _head(page.title, on), tuple(page_blocks(page)))


def page_blocks(page: Page, *, below: int = 0) -> Iterator[Block]:
    """Give the blocks of a page; its headings stand ``below`` those of the paper."""
    lines = [line.rstrip() for line in page.text.splitlines()[1:]]
    for kind, group in groupby(lines, key=_kind):
        yield from _made(kind, list(group), below)


def _head(title: str, on: date) -> ReportHead:
    return ReportHead(title, "ODBST Desktop", on)


def _kind(line: str) -> str:
    if not line:
        return "gap"
    for sign, kind in (("#", "heading"), ("- ", "points"), ("|", "table"), ("![", "picture")):
        if line.startswith(sign):
            return kind
    return "steps" if _NUMBER.match(line) else "words"


def _made(kind: str, lines: Sequence[str], below: int) -> Iterator[Block]:
    if kind == "heading":
        for line in lines:
            level = len(line) - len(line.lstrip("#")) - 1 + below
            yield Heading(plain_words(line.lstrip("# ")), level)
    elif kind == "points":
        yield Bullets(tuple(plain_words(line[2:]) for line in lines))
    elif kind == "steps":
        yield Bullets(tuple(plain_words(_NUMBER.sub("", line)) for line in lines), True)
    elif kind == "table":
        head, *rows = (_cells(line) for line in lines if not _RULE.match(line))
        yield Grid(head, tuple(rows), (1.0,) + (1.6,) * (len(head) - 1))
    elif kind == "picture":
        for line in lines:
            if match := _PICTURE.match(line):
                yield Picture(picture_file(match[2]).read_bytes(), match[1])
    elif kind == "words":
        yield Paragraph(plain_words(" ".join(lines)))


def _cells(line: str) -> tuple[str, ...]:
    return tuple(plain_words(cell.strip()) for cell in line.strip("|").split("|"))
