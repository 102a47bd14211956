"""The printed sheet that opens a vault when every passphrase is lost."""

from __future__ import annotations

from datetime import date

from odbst_desktop.reports.blocks import (
    Block,
    Bullets,
    Facts,
    Heading,
    Paragraph,
    QrCode,
    ReportHead,
    Tone,
)
from odbst_desktop.reports.document import render_pdf
from odbst_desktop.school.typed_dates import show_date

_GROUPS_A_LINE = 4


def recovery_sheet(vault_name: str, code: str, created_on: date) -> bytes:
    """Return the recovery sheet as a PDF of one page, with the code in print and as a QR code.

    ``code`` is shown in its groups, four a line; the QR code holds it as it was given.
    """
    head = ReportHead(
        title="Recovery sheet",
        organisation=vault_name,
        date=created_on,
        subtitle="Keep this paper locked away",
        footer_words="Whoever holds this sheet and the vault's folder can read everything in it.",
    )
    content: tuple[Block, ...] = (
        Paragraph(
            "This code opens the vault when nobody remembers a passphrase. "
            "There is no other way back: nobody at the trust or elsewhere can open it for you.",
            Tone.LEAD,
        ),
        Paragraph(_in_lines(code), Tone.CODE),
        QrCode(code, "The same code, to be scanned.", side_mm=38),
        Facts((("Vault", vault_name), ("Made on", show_date(created_on)))),
        Heading("Now"),
        Bullets(
            (
                "Type the code back into the program. Until that is done it does not count.",
                "Put this sheet in an envelope, sign across the flap, and lock it in the "
                "school's safe, away from the computer.",
                "Do not photograph, copy or e-mail it, and do not save it as a file.",
            ),
            is_numbered=True,
        ),
        Heading("When it is needed"),
        Bullets(
            (
                "Open the program, choose the vault, then choose “I have a recovery sheet”.",
                "Type the code. Capital and small letters are the same; 0 and O, and 1, I and L, "
                "are taken as one.",
                "Choose a new passphrase, and print a new sheet. Destroy this one.",
            ),
            is_numbered=True,
        ),
        Paragraph(
            "The sheet brings back your records. It does not bring back anybody's signature: "
            "a new signing key is made, and the trust checks it with you by telephone.",
            Tone.QUIET,
        ),
    )
    return render_pdf(head, content)


def _in_lines(code: str) -> str:
    groups = code.replace("-", " ").split()
    lines = [groups[at : at + _GROUPS_A_LINE] for at in range(0, len(groups), _GROUPS_A_LINE)]
    return "\n".join("  ·  ".join(line) for line in lines)
