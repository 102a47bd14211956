"""Forms as data: definitions with XLSForm's columns, ODK's expressions, rules and answers."""
