"""The rules of customers, catalogue and contracts: pure Python, no clock, no I/O."""
