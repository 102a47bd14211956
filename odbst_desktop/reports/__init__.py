"""The house style of a paper: pages, tables and the recovery sheet, as PDF and HTML."""
