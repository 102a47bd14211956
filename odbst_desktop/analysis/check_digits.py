"""Numbers that carry their own check: an NHS number and a unique pupil number."""

from __future__ import annotations

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_NHS_DIGITS, _NHS_MODULUS, _UPN_SHAPE = 10, 11, 13


def is_nhs_number(digits: str) -> bool:
    """Say whether ten digits are an NHS number (modulus 11; a check of 10 is never given)."""
    if len(digits) != _NHS_DIGITS or not digits.isdecimal():
        return False
    weighted = sum(int(digit) * (10 - place) for place, digit in enumerate(digits[:9]))
    check = (_NHS_MODULUS - weighted % _NHS_MODULUS) % _NHS_MODULUS
    return check == int(digits[9])


def is_upn(typed: str) -> bool:
    """Say whether a letter and twelve signs are a UPN (weights 2 to 13, modulus 23).

    A temporary one ends in a letter, which counts by its place in the alphabet of UPNs.
    """
    if len(typed) != _UPN_SHAPE or typed[0] not in _UPN_LETTERS:
        return False
    values = [
        int(sign) if sign.isdecimal() else _UPN_LETTERS.find(sign) for sign in typed[1:].upper()
    ]
    if min(values) < 0:
        return False
    weighted = sum(value * weight for weight, value in enumerate(values, start=2))
    return _UPN_LETTERS[weighted % len(_UPN_LETTERS)] == typed[0]
