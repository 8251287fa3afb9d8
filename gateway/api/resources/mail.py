"""Outgoing mail as operators see it, and the texts that the company may change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import current_app

from gateway.api.blueprint import Blueprint
from gateway.api.calls import local
from gateway.api.schemas.mail import (
    MailOut,
    MailPage,
    MailQuery,
    MailWhole,
    TextList,
    TextOut,
    TextPreview,
    TextShown,
    TextWords,
    TopicChoice,
    TopicList,
)
from gateway.api.scope import caller
from gateway.mail.catalogue import Text
from gateway.mail.declining import TOPICS, Declined
from gateway.mail.keeping import Mail
from services import logs
from services.codec import to_json_values
from services.errors import Invalid, NotFound

blp = Blueprint("mail", __name__, description="Outgoing mail and its texts")
log = logs.get("gateway")


@blp.route("/mail", methods=["GET"])
@blp.arguments(MailQuery, location="query")
@blp.response(200, MailPage)
def list_mail(args: dict[str, Any]) -> Any:
    """Mail that waits, was sent, or was given up; the newest first. Without names and addresses."""
    return to_json_values(_mail().page(args))


@blp.route("/mail/<mail_id>", methods=["GET"])
@blp.response(200, MailWhole)
def get_mail(mail_id: str) -> Any:
    """One mail with all that was tried; and the mail itself where it is kept as a file."""
    row = _mail().one(mail_id)
    return to_json_values({**row, "message": current_app.extensions["vigencia"].kept_mail(mail_id)})


@blp.route("/mail/<mail_id>/send-again", methods=["POST"])
@blp.response(200, MailOut)
def send_mail_again(mail_id: str) -> Any:
    """Have a mail sent once more whose delivery is `unknown`, or that was `refused` or `given_up`. Its reader may get it
    twice: a person decides that, never the system. It is still dropped where nothing is owed any more."""
    who = caller().user.user_id
    row = _mail().send_again(mail_id, by=who, at=datetime.now(UTC))
    log.info("mail sent again", mail=mail_id, by=who)
    return to_json_values(row)


@blp.route("/mail-texts", methods=["GET"])
@blp.response(200, TextList)
def list_mail_texts() -> Any:
    """All texts, by template and language, as they hold now."""
    return {"items": _mail().texts()}


@blp.route("/mail-texts/<template>/<lang>", methods=["PUT"])
@blp.arguments(TextWords)
@blp.response(200, TextOut)
def change_mail_text(data: dict[str, Any], template: str, lang: str) -> Any:
    """Put the company's own words in the place of the catalogue's. It holds for what is sent from now on."""
    who = caller().user.user_id
    answer = _mail().change_text(template, lang, Text(**data), by=who, at=datetime.now(UTC))
    log.info("mail text changed", template=template, lang=lang, by=who)
    return answer


@blp.route("/mail-texts/<template>/<lang>", methods=["DELETE"])
@blp.response(200, TextOut)
def reset_mail_text(template: str, lang: str) -> Any:
    """Back to the catalogue's words."""
    answer = _mail().reset_text(template, lang)
    log.info("mail text reset", template=template, lang=lang, by=caller().user.user_id)
    return answer


@blp.route("/mail-texts/<template>/<lang>/preview", methods=["POST"])
@blp.arguments(TextPreview)
@blp.response(200, TextShown)
def preview_mail_text(data: dict[str, Any], template: str, lang: str) -> Any:
    """How the mail would read for a real receivable, contract or request: nothing is sent, nothing is kept."""
    words = [data.get("subject"), data.get("body")]
    if any(words) and not all(words):
        raise Invalid(problems=[{"path": "body", "code": "value", "message": "subject and body together"}])
    noted = {name: data[name] for name in ("receivable_id", "request_id") if data.get(name)}
    contract_id = data.get("contract_id")
    for name, id_ in noted.items():
        contract_id = _contract_of(name.removesuffix("_id"), id_) or contract_id
    text = Text(words[0] or "", words[1] or "") if all(words) else None
    return _mail().preview(template, lang, text, noted=noted, contract_id=contract_id)


@blp.route("/mail-topics", methods=["GET"])
@blp.response(200, TopicList)
def list_mail_topics() -> Any:
    """Mail that the caller may do without, and whether he does. Charges, dunning, a contract's notices and a request's number
    always come."""
    declined = _declined().topics(my_contacts())
    return {
        "items": [{"topic": each, "declined": each in declined, "templates": list(TOPICS[each])} for each in TOPICS]
    }


@blp.route("/mail-topics", methods=["PUT"])
@blp.arguments(TopicChoice)
@blp.response(200, TopicList)
def choose_mail_topics(data: dict[str, Any]) -> Any:
    """The topics of which the caller wants no mail; of all others it comes, also where it was declined before."""
    choose(data["declined"])
    return list_mail_topics()


def choose(declined: Sequence[str]) -> None:
    """For the caller, whatever customers he speaks for."""
    for contact_id in my_contacts():
        for topic in TOPICS:
            if topic in declined:
                _declined().decline(contact_id, topic, how="settings", at=datetime.now(UTC))
            else:
                _declined().accept(contact_id, topic)


def my_contacts() -> list[str]:
    return [pair["contact_id"] for pair in caller().user.contacts]


def _declined() -> Declined:
    return current_app.extensions["vigencia"].declined  # type: ignore[no-any-return]


def _contract_of(kind: str, id_: str) -> str | None:
    owner = local("owner", kind=kind, id=id_)
    if owner["customer_id"] is None:
        raise NotFound(f"{kind}.not-found", id=id_)
    return owner["contract_id"]  # type: ignore[no-any-return]


def _mail() -> Mail:
    return current_app.extensions["vigencia"].mail  # type: ignore[no-any-return]
