"""Take a Vigência service's events: each once and in order, whatever the broker does. See README.md.

    feed = Feed("https://vigencia.example", key)
    sink = SqlSink(engine, handle)                        # handle(conn, event); effects and checkpoint commit together
    Subscriber("accounting", "billing", feed, sink, amqp=url).run(stop)

Errors:

    SubscriberError
    ├── FeedAway            the gateway does not answer: it passes
    ├── Diverged            the feed has another history than the one that was followed: somebody must decide
    ├── NotAllowed          the key is revoked, or lacks the scope
    ├── NotAnEnvelope       what came is no event
    ├── DoesNotFit          an event's data do not fit the catalogue's schema
    └── Fenced              another instance moved the checkpoint: it is read again
"""

from vigencia_subscriber.envelope import Envelope, NotAnEnvelope
from vigencia_subscriber.errors import Diverged, DoesNotFit, FeedAway, Fenced, NotAllowed, SubscriberError
from vigencia_subscriber.feed import Feed, Page
from vigencia_subscriber.follower import Follower
from vigencia_subscriber.metrics import Metrics
from vigencia_subscriber.sinks import Checkpoint, FileSink, Sink
from vigencia_subscriber.subscriber import Subscriber

__all__ = [
    "Checkpoint",
    "Diverged",
    "DoesNotFit",
    "Envelope",
    "Feed",
    "FeedAway",
    "Fenced",
    "FileSink",
    "Follower",
    "Metrics",
    "NotAllowed",
    "NotAnEnvelope",
    "Page",
    "Sink",
    "Subscriber",
    "SubscriberError",
]
