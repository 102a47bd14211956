"""ODBST Desktop: offline safeguarding oversight for schools."""

__version__ = "0.1.0"
