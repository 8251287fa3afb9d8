"""E-mail: the texts that the company may change, with a preview beside them; and what was mailed, with all that was tried."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, request

from gateway.api.calls import local
from gateway.api.schemas.mail import STATES, TextWords
from gateway.api.scope import caller
from gateway.mail.catalogue import LANGUAGES, TEMPLATES, Text
from gateway.mail.keeping import AGAIN, Mail
from gateway.pages.console.frame import Answer, blp, clock, loaded
from gateway.pages.console.settings.forms import NOTHING, Action, Again, again, named, shown
from gateway.pages.frame import chosen_language
from services import logs
from services.errors import Invalid, NotFound

LIMIT = 50
log = logs.get("gateway")


@blp.get("/settings/mail-texts")
def console_mail_texts() -> Response:
    """By template, called by the subject that it has now."""
    found: dict[str, dict[str, Any]] = {}
    for each in _mail().texts():
        found.setdefault(each["template"], {})[each["lang"]] = each
    return shown("mail_texts", NOTHING, texts=found, languages=LANGUAGES, mine=chosen_language())


@blp.get("/settings/mail-texts/<string:template_id>/<string:text_lang>")
def console_mail_text(template_id: str, text_lang: str) -> Response:
    return _text(template_id, text_lang, NOTHING)


@blp.get("/settings/mail")
def console_mail() -> Response:
    state, template = request.args.get("state", ""), request.args.get("template", "")
    asked = {"state": state if state in STATES else None, "template": template if template in TEMPLATES else None}
    page = {"limit": LIMIT, "after": request.args.get("after") or None}
    found = _mail().page({name: value for name, value in {**asked, **page}.items() if value is not None})
    ids = sorted({each["customer_id"] for each in found["items"] if each["customer_id"]})
    names = local("names", kind="customer", ids=ids)["names"]
    return shown(
        "mail",
        NOTHING,
        found=found,
        names=names,
        state=state,
        states=STATES,
        chosen=template,
        templates=sorted(TEMPLATES),
    )


@blp.get("/settings/mail/<string:mail_id>")
def console_one_mail(mail_id: str) -> Response:
    return _one(mail_id, NOTHING)


def _text(template: str, lang: str, again_: Again, text: Text | None = None) -> Response:
    """The editor, and how the text reads: the one that was typed in, or the one that holds."""
    known = next((each for each in _mail().texts() if (each["template"], each["lang"]) == (template, lang)), None)
    if known is None:
        raise NotFound("mail.text-unknown", template=template, lang=lang)
    noted, contract_id = _sample()
    try:
        preview = _mail().preview(template, lang, text, noted=noted, contract_id=contract_id)
    except Invalid as error:
        preview, again_ = None, again("preview_mail_text", error)
    typed = {"subject": text.subject, "body": text.body} if text else known
    return shown("mail_text", again_, text=known, typed=typed, preview=preview, languages=LANGUAGES)


def _sample() -> tuple[dict[str, str], str | None]:
    """Facts of real things, the latest that there are."""
    noted, contract_id = {}, None
    for query, key in (("receivables", "receivable_id"), ("requests", "request_id"), ("contracts", "contract_id")):
        for row in local(query, customers=None, limit=1)["items"]:
            noted[key] = row[key]
            contract_id = contract_id or row["contract_id"]
    noted.pop("contract_id", None)
    return noted, contract_id


def _typed() -> Text:
    form = request.form
    return Text(form.get("subject", "").strip(), form.get("body", "").replace("\r\n", "\n").strip())


def _which() -> tuple[str, str]:
    return named("template"), named("text_lang")


def _change() -> Answer:
    typed, (template, lang) = _typed(), _which()
    text = Text(**loaded(TextWords, {"subject": typed.subject, "body": typed.body}))
    _mail().change_text(template, lang, text, by=caller().user.user_id, at=clock())
    log.info("mail text changed", template=template, lang=lang, by=caller().user.user_id)
    return {}, 200, {}


def _reset() -> Answer:
    template, lang = _which()
    _mail().reset_text(template, lang)
    log.info("mail text reset", template=template, lang=lang, by=caller().user.user_id)
    return {}, 200, {}


def _preview() -> Response:
    return _text(*_which(), NOTHING, _typed())


def _send_again() -> Answer:
    mail_id, by = named("mail_id"), caller().user.user_id
    _mail().send_again(mail_id, by=by, at=clock())
    log.info("mail sent again", mail=mail_id, by=by)
    return {}, 200, {}


def _one(mail_id: str, again_: Again) -> Response:
    row = _mail().one(mail_id)
    message = current_app.extensions["vigencia"].kept_mail(mail_id)
    names = local("names", kind="customer", ids=[row["customer_id"]] if row["customer_id"] else [])["names"]
    return shown("one_mail", again_, mail=row, message=message, names=names, sends_again=row["state"] in AGAIN)


def _mail() -> Mail:
    return current_app.extensions["vigencia"].mail  # type: ignore[no-any-return]


def _text_again(again_: Again) -> Response:
    return _text(*_which(), again_, _typed() if again_.operation == "change_mail_text" else None)


def _to_text() -> str:
    return f"/console/settings/mail-texts/{request.form.get('template', '')}/{request.form.get('text_lang', '')}"


ACTIONS = {
    "change_mail_text": Action(_change, _text_again, _to_text),
    "reset_mail_text": Action(_reset, _text_again, _to_text),
    "preview_mail_text": Action(None, _text_again, _to_text, instead=_preview),
    "send_mail_again": Action(
        _send_again,
        lambda again_: _one(named("mail_id"), again_),
        lambda: f"/console/settings/mail/{request.form.get('mail_id', '')}",
    ),
}
