"""The rules of evaluations: pure Python, no I/O, no clock."""
