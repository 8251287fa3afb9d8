"""Vigência's command line and its embedded composition: the only package that may import every service."""

__version__ = "0.1.0"
