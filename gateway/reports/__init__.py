"""Documents that a company sends to its customers, as PDF."""
