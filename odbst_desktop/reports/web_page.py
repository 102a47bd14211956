"""The accessible twin of a paper: one HTML page with headings, lists and tables as such."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any

from odbst_desktop.reports import blocks
from odbst_desktop.reports.blocks import ReportHead
from odbst_desktop.reports.page import DEMONSTRATION_WORDS
from odbst_desktop.school.typed_dates import show_date

_LOOK = (
    "body{font:16px/1.5 Inter,system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#1d2529}h1,h2,h3,h4{color:#14566b}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:.35rem .5rem;border-bottom:1px solid #c9d2d6;"
    "overflow-wrap:anywhere}thead th{background:#eef4f6}.mark{background:#fff1d6;padding:.5rem}"
    ".quiet{color:#56646b}.notice{background:#eef4f6;border-left:4px solid #14566b;padding:.5rem}"
)


def render_html(head: ReportHead, content: Sequence[blocks.Block]) -> str:
    """Return the paper as one self-contained HTML page; nothing in it is fetched or run."""
    marks = [DEMONSTRATION_WORDS] * head.is_demonstration + ["DRAFT"] * head.is_draft
    under = " · ".join(w for w in (head.organisation, head.subtitle, show_date(head.date)) if w)
    return "".join(
        (
            '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">',
            f"<title>{escape(head.title)}</title><style>{_LOOK}</style></head><body><header>",
            *(f'<p class="mark"><strong>{escape(mark)}</strong></p>' for mark in marks),
            f"<h1>{escape(head.title)}</h1>{_p(under, 'quiet')}</header><main>",
            *(_made(place, block, content) for place, block in enumerate(content)),
            f"</main><footer>{_p(head.footer_words, 'quiet')}</footer></body></html>\n",
        )
    )


def _made(place: int, block: blocks.Block, content: Sequence[blocks.Block]) -> str:
    if isinstance(block, blocks.Heading):
        return _heading(block, place)
    if isinstance(block, blocks.Contents):
        links = (
            f'<li><a href="#heading-{at}">{_lines(each.text)}</a></li>'
            for at, each in enumerate(content)
            if isinstance(each, blocks.Heading) and each.level == 1
        )
        return f'<nav aria-label="Contents"><ol>{"".join(links)}</ol></nav>'
    return _MAKERS[type(block)](block)


def _p(words: str, kind: str = "") -> str:
    mark = f' class="{kind}"' if kind else ""
    return f"<p{mark}>{_lines(words)}</p>" if words else ""


def _lines(words: str) -> str:
    return escape(words).replace("\n", "<br>")


def _heading(block: blocks.Heading, place: int) -> str:
    level = min(max(block.level, 1), 3) + 1
    return f'<h{level} id="heading-{place}">{escape(block.text)}</h{level}>'


def _bullets(block: blocks.Bullets) -> str:
    tag = "ol" if block.is_numbered else "ul"
    return f"<{tag}>" + "".join(f"<li>{_lines(item)}</li>" for item in block.items) + f"</{tag}>"


def _rows_with_headers(rows: Iterable[Sequence[str]]) -> str:
    made = (
        f'<tr><th scope="row">{_lines(first)}</th>'
        + "".join(f"<td>{_lines(cell)}</td>" for cell in rest)
        + "</tr>"
        for first, *rest in rows
    )
    return f"<table><tbody>{''.join(made)}</tbody></table>"


def _grid(block: blocks.Grid) -> str:
    if not block.rows:
        return _p(block.empty_words, "quiet")
    head = "".join(f'<th scope="col">{_lines(name)}</th>' for name in block.columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{_lines(cell)}</td>" for cell in row) + "</tr>" for row in block.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _bars(block: blocks.Bars) -> str:
    if not block.rows:
        return _p(block.empty_words, "quiet")
    return _rows_with_headers([(name, words) for name, _, words in block.rows])


def _key_figures(block: blocks.KeyFigures) -> str:
    columns = ("Figure", "Value", "To compare")
    if not any(under for _, _, under in block.rows):
        return _grid(blocks.Grid(columns[:2], tuple(row[:2] for row in block.rows)))
    return _grid(blocks.Grid(columns, block.rows))


def _side_by_side(block: blocks.SideBySide) -> str:
    parts = zip(block.titles, (block.left, block.right), strict=True)
    return "".join(
        f"<h3>{escape(title)}</h3>" + "".join(_made(0, each, ()) for each in content)
        for title, content in parts
    )


def _week_chart(block: blocks.WeekChart) -> str:
    columns = ("Week", "Count", "What is to be said of it")
    return _p(block.summary, "quiet") + _grid(blocks.Grid(columns, block.rows()))


def _heat_map(block: blocks.HeatMap) -> str:
    rows = tuple(
        (name, *("" if cell is None else cell.description for cell in cells))
        for name, cells in block.rows
    )
    columns = (block.title, *block.columns)
    return _grid(blocks.Grid(columns, rows, empty_words=block.empty_words))


def _funnel_chart(block: blocks.FunnelChart) -> str:
    told = _p(block.title) + _p(block.summary, "quiet")
    return told + _grid(blocks.Grid(block.columns, block.rows()))


def _signatures(block: blocks.Signatures) -> str:
    return _rows_with_headers(
        [(each.role, each.name, each.words or "Not yet signed") for each in block.signers]
    )


def _picture(block: blocks.Picture) -> str:
    data = b64encode(block.data).decode("ascii")
    return (
        f'<figure><img alt="{escape(block.caption)}" style="max-width:100%" '
        f'src="data:image/png;base64,{data}"><figcaption>{escape(block.caption)}</figcaption>'
        "</figure>"
    )


_MAKERS: dict[type, Callable[[Any], str]] = {
    blocks.Paragraph: lambda block: _p(block.text, block.tone.value),
    blocks.Bullets: _bullets,
    blocks.Facts: lambda block: _rows_with_headers(block.rows),
    blocks.Grid: _grid,
    blocks.Bars: _bars,
    blocks.KeyFigures: _key_figures,
    blocks.SideBySide: _side_by_side,
    blocks.WeekChart: _week_chart,
    blocks.HeatMap: _heat_map,
    blocks.FunnelChart: _funnel_chart,
    blocks.Signatures: _signatures,
    blocks.QrCode: lambda block: _p(block.caption, "quiet"),
    blocks.Picture: _picture,
    blocks.NewPage: lambda _: "<hr>",
}
