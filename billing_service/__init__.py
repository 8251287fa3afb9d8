"""billing: what is owed, issued, paid and late, in one account per contract."""
