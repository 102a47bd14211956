"""Draw the icon's bitmaps from its one drawing: ``python installer/icons.py``, after a change."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QGuiApplication, QIcon

HERE = Path(__file__).parent
DRAWING = HERE.parent / "resources" / "pictures" / "odbst.svg"
SIDES = (16, 24, 32, 48, 64, 128, 256)


def drawn(side: int) -> Image.Image:
    """Return the icon as a picture of so many pixels."""
    target = QBuffer()
    target.open(QIODevice.OpenModeFlag.WriteOnly)
    QIcon(str(DRAWING)).pixmap(side, side).save(target, "PNG")
    return Image.open(BytesIO(bytes(target.data().data())))


def main() -> None:
    """Write the bitmaps of every system."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QGuiApplication([])
    folder = HERE / "icons"
    folder.mkdir(exist_ok=True)
    pictures = {side: drawn(side) for side in (*SIDES, 512)}
    for side in SIDES:
        pictures[side].save(folder / f"odbst-{side}.png", optimize=True)
    others = [pictures[side] for side in SIDES[:-1]]
    pictures[256].save(
        folder / "odbst.ico", sizes=[(side, side) for side in SIDES], append_images=others
    )
    pictures[512].save(folder / "odbst.icns")
    application.quit()


if __name__ == "__main__":
    main()
