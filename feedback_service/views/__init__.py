"""Read models: one file each."""
