"""The customer's portal. One module a room; each registers its pages on ``frame.blp``. Each page may be read by whom the
API's operation behind it lets in (``permissions.PAGES``)."""

from gateway.pages.portal import contracts, following, home, money, opening, requests
from gateway.pages.portal.frame import blp

__all__ = ["blp", "contracts", "following", "home", "money", "opening", "requests"]
