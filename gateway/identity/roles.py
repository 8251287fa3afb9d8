"""The roles of users. ``contact`` is a customer's; the others are the provider's staff."""

from __future__ import annotations

CONTACT = "contact"
ATTENDANT = "attendant"
TECHNICIAN = "technician"
FINANCE = "finance"
MANAGER = "manager"
OPERATOR = "operator"

STAFF = frozenset({ATTENDANT, TECHNICIAN, FINANCE, MANAGER})
ROLES = frozenset({CONTACT, *STAFF, OPERATOR})
