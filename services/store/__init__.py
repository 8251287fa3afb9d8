"""The store of one service: events, feed, checkpoints and views, in SQLite or PostgreSQL."""
