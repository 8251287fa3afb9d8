"""Read models: one file each, with its tables, its fold and its questions. Own views are written with the events."""
