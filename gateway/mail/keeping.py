"""What the API does with mail: lists, texts that the company changes, previews."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from gateway.mail.catalogue import LANGUAGES, TEMPLATES, Text, placeholders
from gateway.mail.render import circumstances, filled, text_of
from gateway.mail.tables import mail, mail_texts
from gateway.queries.paging import equal, page
from services.errors import Invalid, NotFound, Refused
from services.rows import Rows
from services.store.database import Database

AGAIN = ("unknown", "refused", "given_up")
"""States from which a person may have a mail sent once more."""
_EXAMPLE_LINK = "https://…/l/…"  # each person gets one of his own, when it is sent
_EXAMPLE_PERSON = "Maria"


class Mail:
    """Mail and its texts in the gateway's store."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def page(self, args: Mapping[str, Any]) -> dict[str, Any]:
        filters = ("state", "template", "customer_id", "contract_id", "recipient_id")
        with self._db.read() as conn:
            statement = select(mail).where(*equal(mail.c, args, filters))
            return page(Rows(conn, lock=False), statement, args, order=mail.c.queued_at, key=mail.c.mail_id)

    def one(self, mail_id: str) -> dict[str, Any]:
        with self._db.read() as conn:
            row = Rows(conn, lock=False).get(mail, mail_id=mail_id)
        if row is None:
            raise NotFound("mail.unknown", mail_id=mail_id)
        return row

    def send_again(self, mail_id: str, *, by: str, at: datetime) -> dict[str, Any]:
        """What ended without a delivery that we know of waits once more, by a person's decision."""
        self.one(mail_id)
        again = (mail.c.mail_id == mail_id, mail.c.state.in_(AGAIN))
        with self._db.write() as conn:
            row = conn.execute(select(mail).where(*again)).mappings().first()
            if row is None:
                raise Refused("mail.not-to-be-sent-again", mail_id=mail_id)
            entry = {"at": at.isoformat(), "outcome": "again", "answer": by}
            fresh = {"state": "waiting", "due_at": at, "tried_at": None, "ended_at": None, "queued_at": at}
            conn.execute(update(mail).where(*again).values(**fresh, log=[*row["log"], entry]))
        return self.one(mail_id)

    def texts(self) -> list[dict[str, Any]]:
        with self._db.read() as conn:
            rows = Rows(conn, lock=False)
            return [_shown(rows, template, lang) for template in TEMPLATES for lang in LANGUAGES]

    def change_text(self, template: str, lang: str, text: Text, *, by: str, at: datetime) -> dict[str, Any]:
        _known(template, lang)
        _check(template, text)
        with self._db.write() as conn:
            rows = Rows(conn)
            rows.put(
                mail_texts,
                template=template,
                lang=lang,
                subject=text.subject,
                body=text.body,
                changed_at=at,
                changed_by=by,
            )
            rows.flush()
            return _shown(rows, template, lang)

    def reset_text(self, template: str, lang: str) -> dict[str, Any]:
        _known(template, lang)
        with self._db.write() as conn:
            rows = Rows(conn)
            rows.delete(mail_texts, template=template, lang=lang)
            rows.flush()
            return _shown(rows, template, lang)

    def preview(
        self, template: str, lang: str, text: Text | None, *, noted: Mapping[str, Any], contract_id: str | None
    ) -> dict[str, str]:
        """The text (the one that holds, or a proposed one) with the facts of a real thing; the person is an example."""
        _known(template, lang)
        if text is not None:
            _check(template, text)
        with self._db.read() as conn:
            rows = Rows(conn, lock=False)
            facts = circumstances(rows, noted, contract_id).facts
            shown = filled(
                text or text_of(rows, template, lang)[0],
                {**facts, "person": _EXAMPLE_PERSON, "link": _EXAMPLE_LINK},
                lang,
            )
        return {"subject": shown.subject, "body": shown.body}


def _known(template: str, lang: str) -> None:
    if template not in TEMPLATES or lang not in LANGUAGES:
        raise NotFound("mail.text-unknown", template=template, lang=lang)


def _check(template: str, text: Text) -> None:
    problems = []
    for path, words in (("subject", text.subject), ("body", text.body)):
        try:
            unknown = sorted(placeholders(words) - set(TEMPLATES[template].facts))
        except ValueError:
            unknown = ["{…}"]
        problems += [{"path": path, "code": "value", "message": f"not a fact of this text: {name}"} for name in unknown]
    if "\n" in text.subject or "\r" in text.subject:
        problems.append({"path": "subject", "code": "value", "message": "one line"})
    if problems:
        raise Invalid(problems=problems)


def _shown(rows: Rows, template: str, lang: str) -> dict[str, Any]:
    text, own = text_of(rows, template, lang)
    facts = list(TEMPLATES[template].facts)
    return {"template": template, "lang": lang, "subject": text.subject, "body": text.body, "own": own, "facts": facts}
