"""A letter box for mails about accounts, and what tests do with what arrives there."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from gateway.mail.accounts import AccountMail
from gateway.mail.delivery import MailSettings
from gateway.mail.sender import MailSender
from gateway.pages.links import Links
from gateway.tests.unit.world import SECRET, World

GOOD = "trigo lua janela"
CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


class Post:
    """The sender, with a letter box in the place of a server."""

    repeatable = False

    def __init__(self, world: World) -> None:
        self.world = world
        self.letters: list[Any] = []
        world.services.answers["contracts.people"] = {"people": {"ana": {"name": "Ana", "email": "ana@a.example"}}}
        settings = MailSettings(public_url="https://portal.example")
        of_accounts = AccountMail(
            world.app.database, world.accounts.links, world.accounts.sessions, settings.public_url
        )
        call = lambda *args: world.services.call(*args, timeout=1, headers={})  # noqa: E731
        self.sender = MailSender(
            world.app.database, self, settings, call, lambda: world.now, Links(SECRET), of_accounts
        )

    def deliver(self, mail_id: str, message: Any, on_handing_over: Any) -> str:
        on_handing_over()
        self.letters.append(message)
        return "250"

    def forget(self, mail_id: str) -> None: ...

    def kept(self, mail_id: str) -> None: ...

    def bring(self) -> list[Any]:
        """What arrives now."""
        self.world.accounts.work()
        self.letters.clear()
        self.sender.run()
        return list(self.letters)

    def token(self) -> str:
        """Of the link in the one letter that arrives."""
        [letter] = self.bring()
        return token_in(letter)


def token_in(letter: Any) -> str:
    [line] = [line for line in letter.get_content().splitlines() if "https://portal.example/e/" in line]
    return str(line.partition("/e/")[2].strip())


def log_in(client: FlaskClient, user: str, password: str, address: str = "192.0.2.7", **headers: str) -> Any:
    return client.post(
        "/api/v1/session",
        json={"user": user, "password": password},
        environ_base={"REMOTE_ADDR": address},
        headers=headers,
    )
