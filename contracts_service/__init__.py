"""Contracts: provider companies, customers, the catalogue, and the contracts' whole life."""
