"""Printed pages in the house style."""
