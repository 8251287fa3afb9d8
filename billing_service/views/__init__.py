"""The read models, one file each: its table, its fold, its queries."""
