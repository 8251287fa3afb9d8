"""A person's own data: taken away, and erased by a manager's decision."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, current_app, g

from gateway import personal
from gateway.api import scope
from gateway.api.blueprint import Blueprint
from gateway.api.calls import ask, execute, new_id
from gateway.api.entering import accounts
from gateway.api.problems import language
from gateway.api.resources.papers import blobs
from gateway.api.resources.session import instant
from gateway.api.schemas import persons as shapes
from gateway.api.schemas.common import Document, Nothing, Written
from gateway.api.scope import caller
from gateway.identity.erasures import DECLINED, DONE, WITHDRAWN, Erasure, Erasures
from gateway.identity.roles import CONTACT
from services import logs
from services.errors import NotFound, Refused

blp = Blueprint("persons", __name__, description="A person's own data: taken away, erased")
log = logs.get("gateway")
ZIP = "application/zip"


@blp.route("/session/data", methods=["GET"])
@blp.response(200, Document)
def get_my_data() -> Any:
    """All that the system knows of the caller, from every service: his account, what he wrote, where he is named.

    A part that does not answer now is named under `missing`. The portal gives the same as a ZIP, with his files.
    """
    return my_data()


@blp.route("/session/erasure", methods=["GET"])
@blp.response(200, shapes.OwnErasure)
def get_my_erasure() -> Any:
    """The caller's last wish to be forgotten, and what became of it."""
    last = _erasures().last_of(caller().user.user_id)
    return {"erasure": shown(last) if last else None}


@blp.route("/session/erasure", methods=["POST"])
@blp.arguments(Nothing)
@blp.response(202, shapes.ErasureOut)
def ask_for_erasure(data: dict[str, Any]) -> Any:
    """Ask that the caller's personal data be erased. A manager decides within 15 days; what law demands to be kept
    (invoices, accounting) stays without his name."""
    return shown(wish_to_be_forgotten())


@blp.route("/session/erasure/withdraw", methods=["POST"])
@blp.arguments(Nothing)
@blp.response(200, shapes.ErasureOut)
def withdraw_erasure(data: dict[str, Any]) -> Any:
    """The caller wants to stay after all."""
    return shown(stay_after_all())


@blp.route("/customers/<string:customer_id>/contacts/<string:contact_id>/data", methods=["GET"])
@blp.response(200, Document)
def get_person_data(customer_id: str, contact_id: str) -> Any:
    """The same of a contact who asked by another way, for a manager to hand over."""
    pair = _known(customer_id, contact_id)
    log.info("personal data read", contact=contact_id, customer=customer_id, by=caller().user.user_id)
    return personal.personal_data([pair], None, [], _now())


@blp.route("/customers/<string:customer_id>/contacts/<string:contact_id>/erase", methods=["POST"])
@blp.arguments(Nothing)
@blp.response(200, Written)
def erase_contact(data: dict[str, Any], customer_id: str, contact_id: str) -> Any:
    """Make a contact's personal data unreadable, everywhere and for good. He speaks for the customer no more, and his user
    cannot log in. Who speaks for other customers, too, is only taken from this one."""
    payload = {"customer_id": customer_id, "contact_id": contact_id}
    body, headers = execute("contracts", "erase_contact", payload, customer_id=customer_id)
    return body, 200, headers


@blp.route("/erasures", methods=["GET"])
@blp.arguments(shapes.ErasuresQuery, location="query")
@blp.response(200, shapes.ErasureList)
def list_erasures(args: dict[str, Any]) -> Any:
    """Wishes to be forgotten, the newest first."""
    return {"items": [shown(each) for each in _erasures().all(args.get("state"))]}


@blp.route("/erasures/<string:erasure_id>/approve", methods=["POST"])
@blp.arguments(Nothing)
@blp.response(200, shapes.ErasureOut)
def approve_erasure(data: dict[str, Any], erasure_id: str) -> Any:
    """Erase the person everywhere: as contact of each customer, or, where he is the customer himself, with him."""
    return shown(carry_out(erasure_id))


@blp.route("/erasures/<string:erasure_id>/decline", methods=["POST"])
@blp.arguments(shapes.Declined)
@blp.response(200, shapes.ErasureOut)
def decline_erasure(data: dict[str, Any], erasure_id: str) -> Any:
    """Not now, with the reason that the law wants to be told: the person reads it on his page."""
    return shown(_erasures().decide(erasure_id, DECLINED, by=caller().user.user_id, reason=data["reason"]))


# -- what the pages do, too --------------------------------------------------------------------------------------------


def my_data() -> dict[str, Any]:
    who = caller()
    return personal.personal_data(who.user.contacts, who.user, accounts().sessions.of(who.user.user_id), _now())


def my_data_zipped() -> Response:
    """As a file, with what he sent."""
    answer = Response(personal.zipped(my_data(), blobs(), language()), mimetype=ZIP)
    answer.headers["Content-Disposition"] = 'attachment; filename="meus-dados.zip"'
    return answer


def wish_to_be_forgotten() -> Erasure:
    """Raises ``Refused`` for staff: what they did is the company's record."""
    user = caller().user
    if set(user.roles) != {CONTACT} or not user.contacts:
        raise Refused("erasure.not-a-customers-person")
    wish = _erasures().ask(new_id("erasure"), user.user_id, user.contacts)
    log.info("erasure asked", user=user.user_id, erasure=wish.erasure_id)
    return wish


def stay_after_all() -> Erasure:
    user_id = caller().user.user_id
    wish = _erasures().open_of(user_id)
    if wish is None:
        raise NotFound("erasure.unknown")
    return _erasures().decide(wish.erasure_id, WITHDRAWN, by=user_id)


def carry_out(erasure_id: str) -> Erasure:
    """Each command has an id of its own made of the wish's: what broke off half way is done to its end by asking again."""
    wish = _erasures().one(erasure_id)
    if wish.state in (DECLINED, WITHDRAWN):
        raise Refused("erasure.decided", state=wish.state)
    for pair in wish.contacts:
        whole = pair["contact_id"] == pair["customer_id"]
        g.command_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{erasure_id}/{pair['customer_id']}/{pair['contact_id']}"))
        payload = {"customer_id": pair["customer_id"]} | ({} if whole else {"contact_id": pair["contact_id"]})
        command = "erase_customer" if whole else "erase_contact"
        execute("contracts", command, payload, customer_id=pair["customer_id"])
    done = _erasures().decide(erasure_id, DONE, by=caller().user.user_id)
    log.info("erasure done", erasure=erasure_id, by=caller().user.user_id)
    return done


def shown(wish: Erasure) -> dict[str, Any]:
    named = {name: getattr(wish, name) for name in ("erasure_id", "user_id", "state", "decided_by", "reason")}
    times = {name: instant(getattr(wish, name)) for name in ("asked_at", "answer_by", "decided_at")}
    return {**named, **times, "contacts": [dict(pair) for pair in wish.contacts]}


def _known(customer_id: str, contact_id: str) -> dict[str, str]:
    scope.check(customer_id)
    customer = ask("contracts", "customer", customer_id=customer_id)
    known = {each["contact_id"] for each in customer["contacts"]} | {customer["customer_id"]}
    if contact_id not in known:
        raise NotFound("not-found")
    return {"customer_id": customer_id, "contact_id": contact_id}


def _erasures() -> Erasures:
    return current_app.extensions["vigencia"].erasures  # type: ignore[no-any-return]


def _now() -> Any:
    return current_app.extensions["vigencia"].clock()
