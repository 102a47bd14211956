"""ODBST Desktop: offline safeguarding oversight for schools."""

__version__ = "0.1.0"
__released__ = "2026-09-01"
"""No clock is right that says an earlier day; raised with each release."""
