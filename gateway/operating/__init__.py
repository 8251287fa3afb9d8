"""Watching over the system: samples of every service's figures, and what they say."""
