"""Service requests under a contract: coverage, deadlines, evidence, work."""
