"""Whole journeys through the command line on an embedded system."""
