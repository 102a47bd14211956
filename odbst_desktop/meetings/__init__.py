"""The weekly DSL meeting: its log, its minutes, its counts and how many weeks had one."""
