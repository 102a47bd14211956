"""The termly return: counted, checked, explained, signed."""
