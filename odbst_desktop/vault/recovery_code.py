"""The code on the recovery sheet: eight groups of five Crockford base32.

184 bits drawn at random and a checksum of 16 bits, so that a typing error is told from a wrong
sheet. Source: design, section 3.
"""

from __future__ import annotations

import hashlib
import secrets

from odbst_desktop.vault.errors import WrongRecoveryCodeError

SECRET_BYTES = 23
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_LETTERS = 40


def new_recovery_secret() -> bytes:
    """Return 23 random bytes."""
    return secrets.token_bytes(SECRET_BYTES)


def spell_recovery_code(secret: bytes) -> str:
    """Return the code for ``secret`` (23 bytes) as it is printed."""
    number = int.from_bytes(secret + _checksum(secret))
    letters = "".join(_ALPHABET[number >> 5 * place & 31] for place in range(_LETTERS - 1, -1, -1))
    return "-".join(letters[start : start + 5] for start in range(0, _LETTERS, 5))


def read_recovery_code(typed: str) -> bytes:
    """Return the secret behind a typed code; case, spaces and dashes do not matter.

    Raises:
        WrongRecoveryCodeError: the length, a letter or the checksum is wrong.

    """
    letters = "".join(typed.upper().replace("-", "").split())
    if len(letters) != _LETTERS:
        raise WrongRecoveryCodeError(
            f"A recovery code has {_LETTERS} letters and digits; {len(letters)} were typed. "
            "Compare it with the sheet."
        )
    number = 0
    for letter in letters:
        if letter not in _VALUES:
            raise WrongRecoveryCodeError(
                f"“{letter}” does not occur in recovery codes. Compare it with the sheet."
            )
        number = number << 5 | _VALUES[letter]
    whole = number.to_bytes(SECRET_BYTES + 2)
    secret, checksum = whole[:SECRET_BYTES], whole[SECRET_BYTES:]
    if checksum != _checksum(secret):
        raise WrongRecoveryCodeError(
            "The recovery code has a typing error. Compare it with the sheet, group by group."
        )
    return secret


def _checksum(secret: bytes) -> bytes:
    return hashlib.sha256(b"odbst-recovery-v1\0" + secret).digest()[:2]
