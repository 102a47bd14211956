"""One weekly meeting on the screen: its counts, signals, quick line, clock and papers."""
