"""Pure sums and searches over figures and text: no file, no window."""
