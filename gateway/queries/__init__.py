"""Lists and look-ups from the gateway's own tables, a page at a time."""
