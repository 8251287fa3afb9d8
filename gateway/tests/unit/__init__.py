"""Unit tests: no I/O beyond memory."""
