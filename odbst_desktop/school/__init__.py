"""Who and when: the school or trust that a vault belongs to."""
