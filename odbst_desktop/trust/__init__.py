"""What the Executive Safeguarding Lead does: who has returned, and all returns in one table."""
