"""The look: one font, a 4-px grid, one accent, light and dark."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from odbst_desktop.shipped import shipped_file

STEP = 4
"""Spacing is a multiple of this many pixels."""

_BODY_POINTS = 10.5
_GIVEN = "colours given"


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of one scheme; text on ground reaches a contrast of 4.5 to 1 or more."""

    ground: str
    surface: str
    text: str
    quiet: str
    line: str
    accent: str
    on_accent: str
    problem: str
    good: str
    warning: str
    tint: str


LIGHT = Colours(
    "#f6f7f9",
    "#ffffff",
    "#1b1f24",
    "#57606a",
    "#8c959f",
    "#1f5fa8",
    "#ffffff",
    "#a4262c",
    "#1a6b37",
    "#7a4a00",
    "#e6eef7",
)
DARK = Colours(
    "#1b1d20",
    "#25282c",
    "#eceff2",
    "#aab2bb",
    "#727b85",
    "#7db4f0",
    "#10202f",
    "#ff9a94",
    "#7fd49a",
    "#f0c674",
    "#2c3947",
)
HIGH_CONTRAST = Colours(
    "#000000",
    "#000000",
    "#ffffff",
    "#ffffff",
    "#ffffff",
    "#ffd400",
    "#000000",
    "#ffb3ae",
    "#8dffab",
    "#ffe066",
    "#003a70",
)
"""For who asks for more: 7 to 1 or more, and lines as plain as text."""


def apply_theme(
    app: QApplication, *, text_scale: float = 1.0, colours: Colours | None = None
) -> None:
    """Give the application its font, palette and style sheet; ``text_scale`` 2.0 is 200 %.

    Without ``colours`` they are those that the system asks for.
    """
    app.setStyle("Fusion")
    for name in ("Regular", "SemiBold", "Italic"):
        path = shipped_file(f"resources/fonts/inter/Inter-{name}.ttf")
        QFontDatabase.addApplicationFont(str(path))
    font = QFont("Inter")
    font.setPointSizeF(_BODY_POINTS * text_scale)
    app.setFont(font)
    app.setProperty(_GIVEN, colours)
    colours = colours_now(app)
    app.setPalette(_palette(colours))
    scheme = "light" if colours is LIGHT else "dark"
    arrow, tick = (
        shipped_file(f"resources/pictures/{name}-{scheme}.svg").as_posix()
        for name in ("arrow", "tick")
    )
    app.setStyleSheet(
        _style_sheet(colours, text_scale, arrow) + _indicators(colours, text_scale, tick)
    )


def turn_high_contrast(app: QApplication) -> None:
    """Turn high contrast on, or off again, until the program is closed.

    The system is not asked: in the Qt that is pinned the answer frees what it was read from.
    """
    is_on = colours_now(app) == HIGH_CONTRAST
    scale = app.font().pointSizeF() / _BODY_POINTS
    apply_theme(app, text_scale=scale, colours=None if is_on else HIGH_CONTRAST)


def colours_now(app: QApplication) -> Colours:
    """Return the colours in use: those given, or those of the scheme that the system asks for."""
    given = app.property(_GIVEN)
    if isinstance(given, Colours):
        return given
    is_dark = app.styleHints().colorScheme() is Qt.ColorScheme.Dark
    return DARK if is_dark else LIGHT


def large_type(points: float) -> str:
    """Return a style sheet for reading at arm's length, on top of a text size in points."""
    body, side = points * 1.5, int(points * 2.4)
    return f"""
    * {{ font-size: {body:.1f}pt; }}
    QLabel[kind="heading"], QLabel[kind="subheading"] {{ font-size: {body * 1.2:.1f}pt; }}
    QCheckBox::indicator {{ width: {side}px; height: {side}px; }}
    QRadioButton::indicator {{
        width: {side}px; height: {side}px; border-radius: {side // 2 + 1}px;
    }}
    QRadioButton::indicator:checked {{
        width: {side - 12}px; height: {side - 12}px; border-width: 7px;
    }}
    QRadioButton, QCheckBox {{ padding: 6px 10px; spacing: 10px; }}
    """


def _palette(colours: Colours) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for part, colour in (
        (role.Window, colours.ground),
        (role.Base, colours.surface),
        (role.AlternateBase, colours.ground),
        (role.Button, colours.surface),
        (role.WindowText, colours.text),
        (role.Text, colours.text),
        (role.ButtonText, colours.text),
        (role.ToolTipBase, colours.surface),
        (role.ToolTipText, colours.text),
        (role.PlaceholderText, colours.quiet),
        (role.Highlight, colours.accent),
        (role.HighlightedText, colours.on_accent),
        (role.Link, colours.accent),
    ):
        palette.setColor(part, QColor(colour))
    return palette


def _style_sheet(colours: Colours, scale: float, arrow: str) -> str:
    return f"""
    QLabel[kind="title"] {{ font-size: {20 * scale:.0f}pt; font-weight: 600; }}
    QLabel[kind="quiet"] {{ color: {colours.quiet}; }}
    QLabel[kind="code"] {{ font-size: {14 * scale:.0f}pt; font-weight: 600; }}
    QLabel[kind="problem"] {{ color: {colours.problem}; font-weight: 600; }}
    QLabel[kind="good"] {{ color: {colours.good}; font-weight: 600; }}
    QLabel[kind="warning"] {{ color: {colours.warning}; }}
    QLabel[kind="heading"] {{ font-size: {13 * scale:.0f}pt; font-weight: 600; }}
    QLabel[kind="subheading"] {{ font-weight: 600; }}
    QLabel[kind="figure"] {{ font-size: {20 * scale:.0f}pt; font-weight: 600; }}
    QLabel[kind="band"] {{
        background: #fff1d6; color: #1b1f24; font-weight: 600; padding: 4px 12px;
    }}
    QFrame[kind="card"] {{
        background: {colours.surface}; border: 1px solid {colours.line}; border-radius: 6px;
    }}
    QTabWidget::pane {{ border: 0; border-top: 1px solid {colours.line}; }}
    QTabBar::tab {{
        padding: 9px 16px; border: 0; border-bottom: 3px solid transparent;
        color: {colours.text}; background: transparent;
    }}
    QTabBar::tab:selected {{ border-bottom: 3px solid {colours.accent}; font-weight: 600; }}
    QTabBar::tab:focus {{ background: {colours.tint}; }}
    QListWidget, QTableView, QPlainTextEdit {{
        background: {colours.surface}; color: {colours.text};
        border: 1px solid {colours.line}; border-radius: 4px;
        alternate-background-color: {colours.ground};
    }}
    QWidget#places {{
        background: {colours.surface}; border-right: 1px solid {colours.line};
    }}
    QListWidget::item:selected, QTableView::item:selected {{
        background: {colours.tint}; color: {colours.text};
    }}
    QListWidget:focus, QTableView:focus, QPlainTextEdit:focus {{
        border: 2px solid {colours.accent};
    }}
    QHeaderView::section {{
        background: {colours.ground}; color: {colours.quiet}; border: 0; font-weight: 600;
        border-bottom: 1px solid {colours.line}; padding: 6px 8px;
    }}
    QTableView::item {{ padding: 0 8px; }}
    QListWidget#place_list {{ background: transparent; outline: none; }}
    QListWidget#place_list::item {{
        padding: 7px 8px; border-left: 4px solid transparent; color: {colours.text};
    }}
    QListWidget#place_list::item:hover {{ background: {colours.ground}; }}
    QListWidget#place_list::item:selected {{
        background: {colours.tint}; border-left: 4px solid {colours.accent};
    }}
    *[fault="true"] {{ border: 2px solid {colours.problem}; }}
    QPushButton[main="true"] {{
        background: {colours.accent}; color: {colours.on_accent}; border-color: {colours.accent};
    }}
    QPushButton[main="true"]:focus {{ border: 2px solid {colours.text}; }}
    QPushButton:checked {{ background: {colours.tint}; }}
    QLineEdit, QComboBox {{
        background: {colours.surface}; color: {colours.text};
        border: 1px solid {colours.line}; border-radius: 4px; padding: 6px 8px;
    }}
    QLineEdit:focus, QComboBox:focus {{ border: 2px solid {colours.accent}; padding: 5px 7px; }}
    QComboBox::drop-down {{ border: 0; width: 22px; }}
    QComboBox::down-arrow {{ image: url("{arrow}"); width: 10px; height: 10px; }}
    QPushButton {{
        background: {colours.surface}; color: {colours.text};
        border: 1px solid {colours.line}; border-radius: 4px; padding: 7px 16px;
    }}
    QPushButton:focus {{ border: 2px solid {colours.accent}; padding: 6px 15px; }}
    QPushButton:default {{
        background: {colours.accent}; color: {colours.on_accent}; border-color: {colours.accent};
    }}
    QPushButton:default:focus {{ border: 2px solid {colours.text}; }}
    QPushButton:disabled {{ color: {colours.quiet}; }}
    QPushButton[main="true"]:disabled {{
        background: {colours.ground}; color: {colours.quiet}; border-color: {colours.line};
    }}
    """


def _indicators(colours: Colours, scale: float, tick: str) -> str:
    """Return the look of boxes and circles to tick; the style's own fade in the dark."""
    size = int(13 * scale)
    return f"""
    QCheckBox::indicator, QRadioButton::indicator, QListView::indicator {{
        width: {size}px; height: {size}px; background: {colours.surface};
        border: 1px solid {colours.quiet}; border-radius: 3px;
    }}
    QRadioButton::indicator {{ border-radius: {size // 2 + 1}px; }}
    QCheckBox::indicator:checked, QListView::indicator:checked {{
        background: {colours.accent}; border-color: {colours.accent}; image: url("{tick}");
    }}
    QRadioButton::indicator:checked {{
        width: {size - 8}px; height: {size - 8}px; border: 5px solid {colours.accent};
    }}
    QCheckBox:focus, QRadioButton:focus {{
        background: {colours.tint}; outline: 2px solid {colours.accent};
    }}
    """
