"""What can go wrong; the tree stands in the package's docstring."""

from __future__ import annotations


class SubscriberError(Exception):
    """Everything that the kit raises by itself."""


class FeedAway(SubscriberError):
    """The gateway, or the service behind it, does not answer. It passes: ask again."""


class Diverged(SubscriberError):
    """The feed no longer has the history that was followed. Nothing goes on by itself: one of the two is wrong."""


class NotAllowed(SubscriberError):
    """The key is revoked, or does not have the feed's scope."""


class DoesNotFit(SubscriberError):
    """An event's data do not fit the catalogue's schema of its type."""


class Fenced(SubscriberError):
    """Another instance moved the checkpoint; nothing of ours was committed."""
