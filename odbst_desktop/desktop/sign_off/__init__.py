"""Signing a return in the window: looked at, signed, handed over, exported, amended, compared."""
