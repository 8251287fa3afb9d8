"""Commands about who may log in. Passwords are asked for or read from standard input: an argument would be seen by others."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from vigencia.cli import Json, Store, Url, app, system, voice
from vigencia.exits import Exit, Failure

users_app = typer.Typer(help="Who may log in: look, add, give a new password.", no_args_is_help=True)
app.add_typer(users_app, name="users", rich_help_panel="Operate")

Login = Annotated[str, typer.Argument(metavar="LOGIN")]
USERS = "/api/v1/users"


@users_app.command("list")
def users_list(json: Json = False, store: Store = None, url: Url = None) -> None:
    """Everybody, with roles, and whether he may log in now."""
    from vigencia import tables

    speaker = voice(json)
    with system(speaker, store, url) as client:
        rows = list(client.pages(USERS))
    speaker.show(rows, lambda: tables.users(rows, speaker.lang))


@users_app.command("add")
def users_add(
    login: Login,
    name: Annotated[str, typer.Option(help="As people call him.")],
    role: Annotated[
        list[str], typer.Option(help="manager, attendant, technician, finance, operator or contact; may be repeated.")
    ],
    contact: Annotated[
        list[str] | None, typer.Option(help="CUSTOMER:CONTACT, ids for whom a contact speaks; may be repeated.")
    ] = None,
    json: Json = False,
    store: Store = None,
    url: Url = None,
) -> None:
    """Add a user. The password is asked for, or is the first line of standard input.

    - `vigencia users add joana --name "Joana Reis" --role finance --role attendant`
    - `vigencia users add ana --name Ana --role contact --contact 0193…:0194… < password.txt`
    """
    speaker = voice(json)
    contacts = [_pair(text) for text in contact or ()]
    body = {"login": login, "name": name, "roles": role, "contacts": contacts, "password": _password(speaker.lang)}
    with system(speaker, store, url) as client:
        made = client.post(USERS, body)
    speaker.result(made, "user.added")


@users_app.command("password")
def users_password(login: Login, json: Json = False, store: Store = None, url: Url = None) -> None:
    """Give a user a new password: asked for, or the first line of standard input.

    - `vigencia users password admin`
    """
    from vigencia.words import say

    speaker = voice(json)
    wanted = login.strip().lower()
    password = _password(speaker.lang)
    with system(speaker, store, url) as client:
        found = next((user for user in client.pages(USERS, search=wanted) if user["login"] == wanted), None)
        if found is None:
            raise Failure(Exit.USAGE, say("user.none", speaker.lang, login=wanted))
        client.post(f"{USERS}/{found['user_id']}/password", {"password": password})
    speaker.result({"user_id": found["user_id"], "login": wanted}, "user.password-set")


def _pair(text: str) -> dict[str, str]:
    customer, _, contact = text.partition(":")
    if not (customer and contact):
        raise Failure(Exit.USAGE, f"--contact {text}: CUSTOMER:CONTACT")
    return {"customer_id": customer, "contact_id": contact}


def _password(lang: str) -> str:
    from vigencia.words import say

    if sys.stdin.isatty():
        return str(typer.prompt(say("user.password", lang), hide_input=True, confirmation_prompt=True))
    given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        raise Failure(Exit.USAGE, say("user.password-missing", lang))
    return given
