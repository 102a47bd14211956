"""The school office: opens the building, and knows every room, but no window."""
