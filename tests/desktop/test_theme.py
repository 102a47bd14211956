"""The colours: measured, not believed."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from odbst_desktop.desktop.theme import (
    DARK,
    HIGH_CONTRAST,
    LIGHT,
    apply_theme,
    colours_now,
    turn_high_contrast,
)

SCHEMES = {"light": LIGHT, "dark": DARK, "high contrast": HIGH_CONTRAST}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", SCHEMES)
def test_text_stands_out_from_every_ground_it_is_on(name: str) -> None:
    colours, least = SCHEMES[name], 7.0 if name == "high contrast" else 4.5
    pairs = [
        (text, ground)
        for ground in (colours.ground, colours.surface)
        for text in (
            colours.text,
            colours.quiet,
            colours.problem,
            colours.good,
            colours.warning,
            colours.accent,
        )
    ]
    pairs += [(colours.text, colours.tint), (colours.on_accent, colours.accent)]
    for text, ground in pairs:
        assert contrast(text, ground) >= min(least, 4.5 if text is colours.accent else least), (
            text,
            ground,
        )


@pytest.mark.parametrize("name", SCHEMES)
def test_focus_and_borders_stand_out_by_three_to_one(name: str) -> None:
    colours = SCHEMES[name]
    for ground in (colours.ground, colours.surface, colours.tint):
        assert contrast(colours.accent, ground) >= 3, ground
    assert contrast(colours.line, colours.surface) >= 3


@pytest.mark.parametrize("name", SCHEMES)
def test_the_scheme_given_reaches_palette_and_drawings(name: str, qapp: QApplication) -> None:
    apply_theme(qapp, colours=SCHEMES[name])
    assert qapp.palette().color(QPalette.ColorRole.Base).name() == SCHEMES[name].surface
    assert colours_now(qapp) == SCHEMES[name]
    apply_theme(qapp)
    assert colours_now(qapp) == LIGHT


def test_high_contrast_is_turned_on_and_off_at_the_size_in_use(qapp: QApplication) -> None:
    apply_theme(qapp, text_scale=2.0)
    turn_high_contrast(qapp)
    assert colours_now(qapp) == HIGH_CONTRAST
    assert qapp.font().pointSizeF() == 21
    turn_high_contrast(qapp)
    assert colours_now(qapp) == LIGHT
    apply_theme(qapp)
