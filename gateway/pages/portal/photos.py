"""Photos that come with a form: looked at before anything is done, then attached one by one, each once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from gateway.api import uploads
from gateway.api.calls import execute, name_command, new_id
from gateway.api.resources.papers import keep
from services.errors import Refused

MOST_PHOTOS = 6


@dataclass(frozen=True, slots=True)
class Photo:
    name: str
    media_type: str
    content: bytes


def photos_brought() -> list[Photo]:
    """The form's files. Raises ``Refused`` for too many, or one that is none of the kinds that customers may bring."""
    photos = []
    for file in request.files.getlist("photo"):
        content = file.read()
        if not content:
            continue
        kind = uploads.kind_of(content) or file.mimetype or ""
        uploads.check(content, kind)
        photos.append(Photo((file.filename or "foto")[-200:], kind, content))
    if len(photos) > MOST_PHOTOS:
        raise Refused("page.too-many-photos", most=MOST_PHOTOS)
    return photos


def attach_photos(request_id: str, customer_id: str | None, photos: list[Photo], key: str) -> Mapping[str, str]:
    """Attaches them; the last one's answer's headers. ``key``: the form's; the same photo sent again is one document."""
    headers: Mapping[str, str] = {}
    for number, photo in enumerate(photos):
        name_command(f"{key}-photo-{number}")
        sha256 = keep(photo.content, photo.media_type)
        kind = "photo" if photo.media_type.startswith("image/") else "other"
        payload = {
            "request_id": request_id,
            "document_id": new_id("document"),
            "kind": kind,
            "sha256": sha256,
            "name": photo.name,
            "size": len(photo.content),
            "media_type": photo.media_type,
            "visibility": "public",
        }
        _, headers = execute("tickets", "attach_document", payload, customer_id=customer_id)
    return headers
