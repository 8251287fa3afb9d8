"""Who calls, and what he may: users, passwords, tokens, the permission table, and whose things are whose."""
