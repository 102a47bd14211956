"""Everything Qt: the window lays out, shows, asks and emits."""
