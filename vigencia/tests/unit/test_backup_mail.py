"""That a mail was sent survives a backup and a restore; what came meanwhile stays."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import insert, select

from gateway.identity.tables import erasures
from gateway.mail.tables import mail, mail_causes, mail_texts
from gateway.tables import METADATA
from gateway.webhooks.tables import KEPT, webhook_endpoints, webhook_places, webhook_secrets, webhook_waiting
from services.store.database import Database
from vigencia.backup_mail import MAIL, WEBHOOKS, bring_mail_back, write_mail, write_webhooks

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CAUSE = {"cause_id": "billing/a@1", "template": "reminder_1", "customer_id": "A", "facts": {"level": 1}}
CAUSE |= {"happened_at": AT, "looked_at": AT}
SENT = {"mail_id": "m", "cause_id": "billing/a@1", "template": "reminder_1", "recipient_id": "ana", "customer_id": "A"}
SENT |= {"facts": {}, "state": "sent", "attempts": 1, "queued_at": AT, "due_at": AT, "log": [{"outcome": "sent"}]}
WISH = {"erasure_id": "w", "user_id": "u", "contacts": [{"customer_id": "A", "contact_id": "ana"}], "state": "asked"}
WISH |= {"asked_at": AT, "answer_by": AT}
OWN = {"template": "reminder_1", "lang": "en", "subject": "s", "body": "b", "changed_at": AT, "changed_by": "u"}


def gateway(folder):
    folder.mkdir()
    database = Database(f"sqlite:///{folder}/gateway.db")
    METADATA.create_all(database.engine)
    return database


def rows(database, table):
    with database.read() as conn:
        return [dict(row) for row in conn.execute(select(table)).mappings()]


def test_what_was_mailed_comes_back(tmp_path):
    before = gateway(tmp_path / "before")
    with before.write() as conn:
        for table, row in ((mail_causes, CAUSE), (mail, SENT), (mail_texts, OWN), (erasures, WISH)):
            conn.execute(insert(table).values(**row))
    kept = {table: rows(before, table) for table in (mail_causes, mail, mail_texts, erasures)}
    before.dispose()
    after = gateway(tmp_path / "after")
    write_mail(tmp_path / "before" / "gateway.db", tmp_path / "after" / MAIL)
    assert (tmp_path / "after" / MAIL).stat().st_mode & 0o077 == 0
    assert bring_mail_back(tmp_path / "after", after) == 4
    assert {table: rows(after, table) for table in kept} == kept
    assert bring_mail_back(tmp_path / "after", after) == 0
    after.dispose()


def test_a_store_without_a_gateway_has_nothing_to_keep(tmp_path):
    write_mail(tmp_path / "gateway.db", tmp_path / MAIL)
    assert not (tmp_path / MAIL).exists()


def test_webhook_endpoints_come_back_with_their_secrets_and_places(tmp_path):
    before = gateway(tmp_path / "before")
    lists = {"types": ["billing.*"], "customers": [], "contracts": [], "sources": ["billing"]}
    state = {"state": "active", "reason": "", "misses": 0, "rests": 0, "failing_since": AT}
    made = {"name": "books", "url": "https://erp.example.com/", "created_at": AT, "created_by": "u"}
    place = {"endpoint_id": "w", "source": "billing", "partition": 0, "offset": 7}
    waits = {"stream": "s", "message_id": "msg_1", "attempts": 1, "first_at": AT, "due_at": AT, "stuck": False}
    with before.write() as conn:
        conn.execute(insert(webhook_endpoints).values(endpoint_id="w", **lists, **state, **made))
        conn.execute(insert(webhook_secrets).values(endpoint_id="w", secret_id="1", sealed="…", made_at=AT))
        conn.execute(insert(webhook_places).values(**place, chain="c", feed="f"))
        conn.execute(insert(webhook_waiting).values(**place, **waits))
    kept = [rows(before, table) for table in KEPT]
    before.dispose()
    after = gateway(tmp_path / "after")
    write_webhooks(tmp_path / "before" / "gateway.db", tmp_path / "after" / WEBHOOKS)
    assert (tmp_path / "after" / WEBHOOKS).stat().st_mode & 0o077 == 0
    assert bring_mail_back(tmp_path / "after", after) == 4
    assert [rows(after, table) for table in KEPT] == kept
    after.dispose()
