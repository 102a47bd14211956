"""Look at a zipped workbook before it is opened, so that a hostile or odd one costs nothing.

The reader takes memory for the whole rectangle from the first cell to the last: one cell in the
last corner of a sheet would end the program. So sizes are measured by unpacking, not believed.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from xml.parsers import expat

from odbst_desktop.spreadsheets.errors import SheetError

_MOST_UNPACKED = 400_000_000
_MOST_FILES = 2_000
_PIECE = 1 << 20
_OVERLAP = 200
_LOCAL_HEADER = struct.Struct("<26xHH")
_MOST_CELLS = 12_000_000
_BINARY = "xl/workbook.bin"
_REFERENCE = re.compile(rb'<(?:\w+:)?c\b[^<>]*?\sr="([A-Z]{1,3})(\d{1,7})"[^<>/]*>')
_UNPLACED = re.compile(rb"<(?:\w+:)?c(?:\s(?![^<>]*\br=)[^<>]*)?>")
_ROW = re.compile(rb'<(?:\w+:)?row\b[^<>]*?\sr="(\d{1,7})"')
_ODS_PART = re.compile(
    rb"<table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])([^<>]*?)(/?)>"
)
_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d{1,7})"')


def check_archive(data: bytes, name: str) -> None:
    """Refuse a zipped workbook that is damaged or would unpack to far too much.

    Raises:
        SheetError: with the sentence.

    """
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as fault:
        raise SheetError(damaged(name)) from fault
    if len(members) > _MOST_FILES:
        raise SheetError(too_much(name))
    if any(member.filename == _BINARY for member in members):
        raise SheetError(
            f"“{name}” is a binary workbook (.xlsb), which is not read. Save it as .xlsx and "
            "import that."
        )
    total = 0
    for member in members:
        reach = _OdsReach() if member.filename == "content.xml" else _Reach()
        form = _WellFormed(name)
        for piece in _unpacked(data, member, name):
            total += len(piece)
            if total > _MOST_UNPACKED:
                raise SheetError(too_much(name))
            if member.filename.endswith((".xml", ".rels")):
                form.look_at(piece)
                reach.look_at(piece)
        form.end()
        if reach.is_too_far():
            raise SheetError(too_much(name))


def damaged(name: str) -> str:
    """Return the sentence for a workbook that cannot be opened."""
    return (
        f"“{name}” is damaged or was not copied whole. Open it in Excel, save it again as .xlsx, "
        "and import that."
    )


def too_much(name: str) -> str:
    """Return the sentence for a workbook that unpacks to more than is safe."""
    return (
        f"“{name}” would unpack to far more than a table of people needs, or has a cell far away "
        "from all others. Copy the table alone into a new workbook and import that."
    )


class _WellFormed:
    """Refuses XML that breaks off or declares entities: the reader would wait for ever on some."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._parser: expat.XMLParserType | None = None

    def look_at(self, piece: bytes) -> None:
        """Check the next piece."""
        if self._parser is None:
            self._parser = expat.ParserCreate()
            self._parser.EntityDeclHandler = self._refuse
        self._parse(piece, is_last=False)

    def end(self) -> None:
        """Check that everything that was opened is closed."""
        if self._parser is not None:
            self._parse(b"", is_last=True)

    def _parse(self, piece: bytes, *, is_last: bool) -> None:
        try:
            if self._parser is not None:
                self._parser.Parse(piece, is_last)
        except (expat.ExpatError, LookupError, ValueError) as fault:
            raise SheetError(damaged(self._name)) from fault

    def _refuse(self, *_entity: object) -> None:
        raise SheetError(damaged(self._name))


class _Reach:
    """The furthest filled cell of a sheet, looked for piece by piece."""

    def __init__(self) -> None:
        self._row = self._column = self._last_row = 0
        self._has_unplaced = False
        self._end = b""

    def look_at(self, piece: bytes) -> None:
        """Note the cells of the next piece; the end of the last one is looked at again."""
        text = self._end + piece
        self._end = text[-_OVERLAP:]
        for letters, digits in _REFERENCE.findall(text):
            self._row = max(self._row, int(digits))
            self._column = max(self._column, _column_number(letters))
        for digits in _ROW.findall(text):
            self._last_row = max(self._last_row, int(digits))
        self._has_unplaced = self._has_unplaced or bool(_UNPLACED.search(text))

    def is_too_far(self) -> bool:
        """Say whether the rectangle up to that cell is more than is safe."""
        rows = max(self._row, self._last_row) if self._has_unplaced else self._row
        return rows * max(self._column, 1) > _MOST_CELLS


class _OdsReach(_Reach):
    """The same for ODS, where a cell or row says how often it is repeated."""

    def __init__(self) -> None:
        super().__init__()
        self._at_row = self._repeats = self._at_column = 0

    def look_at(self, piece: bytes) -> None:
        """Note the cells of the next piece, which may end in the middle of a tag."""
        text = self._end + piece
        cut = text.rfind(b"<")
        text, self._end = text[:cut], text[cut:]
        for kind, attributes, closed in _ODS_PART.findall(text):
            found = _REPEATED.search(attributes)
            often = int(found[1]) if found else 1
            if kind == b"table":
                self._at_row = self._repeats = 0
            elif kind == b"table-row":
                self._at_row += self._repeats
                self._repeats, self._at_column = often, 0
            else:
                self._at_column += often
                if not closed or b"office:value" in attributes:
                    self._row = max(self._row, self._at_row + self._repeats)
                    self._column = max(self._column, self._at_column)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _unpacked(data: bytes, member: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """Unpack a member piece by piece, whatever size it claims to have."""
    try:
        lengths = _LOCAL_HEADER.unpack_from(data, member.header_offset)
    except struct.error as fault:
        raise SheetError(damaged(name)) from fault
    start = member.header_offset + 30 + sum(lengths)
    packed = data[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    if member.compress_type != zipfile.ZIP_DEFLATED or member.flag_bits & 1:
        raise SheetError(damaged(name))
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while packed and not inflater.eof:
            yield inflater.decompress(packed, _PIECE)
            packed = inflater.unconsumed_tail
    except zlib.error as fault:
        raise SheetError(damaged(name)) from fault
