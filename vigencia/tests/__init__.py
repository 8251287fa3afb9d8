"""Tests of the command line: the imports' rules (unit) and whole journeys on an embedded system (story)."""
