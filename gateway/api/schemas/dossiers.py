"""What comes of looking at a dossier."""

from __future__ import annotations

from marshmallow import Schema, fields


class Verification(Schema):
    ok = fields.Boolean(metadata={"description": "nothing was changed, and it was made here"})
    files = fields.Integer(metadata={"description": "how many files the manifest names"})
    events = fields.Integer(metadata={"description": "how many events its chain has"})
    sealed = fields.Boolean(allow_none=True, metadata={"description": "whether the seal is this installation's"})
    problems = fields.List(fields.String(), metadata={"description": "what was changed, by file and event"})
