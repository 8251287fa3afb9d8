"""The event catalogue in docs/events is what the code says."""

from __future__ import annotations

from vigencia.catalogue import FOLDER, pages


def test_catalogue_pages_equal_the_event_classes() -> None:
    """A change of an event's shape shows in the catalogue: run `make catalogue`."""
    written = {name: (FOLDER / name).read_text() for name in pages()}
    assert written == pages()
