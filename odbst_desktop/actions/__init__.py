"""The one list of actions: from meetings, visits and returns."""
