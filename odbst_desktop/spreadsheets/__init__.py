"""Spreadsheets and CSV files read into tables: columns found, cells typed, faults by row."""
