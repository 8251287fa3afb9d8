"""Mail on both stores: claimed once, and untouched when views are rebuilt."""

from __future__ import annotations

from gateway.mail.tables import mail, mail_causes
from gateway.tests.unit.test_mail import Office
from gateway.tests.unit.world import World
from services.rebuild import restart
from services.subscriptions import subscriptions_of


def test_a_rebuild_of_all_views_sends_nothing_again(world: World) -> None:
    office = Office(world)
    office.remind()
    assert office.sender.run() == {"sent": 1}
    before = (office.mails(), office.causes())
    with world.app.database.write() as conn:
        for subscription in subscriptions_of(world.app.component):
            if subscription.view is not None:
                restart(conn, subscription, range(1))
    assert (office.mails(), office.causes()) == before
    assert office.sender.run() == {}
    owned = {table for view in world.app.component.remote_views for table in view.tables}
    assert not owned & {mail, mail_causes}


def test_of_two_senders_one_claims(world: World) -> None:
    office = Office(world)
    office.remind()
    first, second = office.sender, office.sender
    first._recipients.find(first._asked, first._clock())
    [mail_id] = first._due()
    assert second._due() == [mail_id]
    assert [row["mail_id"] for row in first._claim([mail_id])] == [mail_id]
    assert second._claim([mail_id]) == []


def test_texts_of_the_company_and_lists_alike(world: World) -> None:
    office = Office(world)
    for level in (1, 2, 3):
        office.remind(level)
    office.sender.run()
    client = world.client("manager")
    words = {"subject": "a {number}", "body": "b"}
    assert client.put("/api/v1/mail-texts/reminder_1/en", json=words).json["own"] is True
    assert client.put("/api/v1/mail-texts/reminder_1/en", json={**words, "body": "c"}).json["body"] == "c"
    first = client.get("/api/v1/mail?limit=2").json
    second = client.get(f"/api/v1/mail?limit=2&after={first['next']}").json
    assert len({item["mail_id"] for item in first["items"] + second["items"]}) == 3
