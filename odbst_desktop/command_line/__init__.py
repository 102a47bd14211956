"""The headless face, for IT teams, scripts and tests."""
