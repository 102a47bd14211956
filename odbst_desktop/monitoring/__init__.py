"""The governor's monitoring cycle: which check is next, visits, signing and the report."""
