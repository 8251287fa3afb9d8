"""Measurements against bare libraries and peers: ``python -m bench`` prints a table and writes JSON."""
