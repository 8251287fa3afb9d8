"""The roles of users. ``contact`` is a customer's; the others are the provider's staff."""

from __future__ import annotations

CONTACT = "contact"
ATTENDANT = "attendant"
TECHNICIAN = "technician"
FINANCE = "finance"
MANAGER = "manager"
OPERATOR = "operator"
INTEGRATION = "integration"
"""Another system, by its API key. No user has it, and what the key's scopes do not name is closed to it."""

STAFF = frozenset({ATTENDANT, TECHNICIAN, FINANCE, MANAGER})
ROLES = frozenset({CONTACT, *STAFF, OPERATOR})
