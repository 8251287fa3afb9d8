"""The provider and the customer's words: hiding with a reason, replying; comments on a contract without a request."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from feedback_service.domain import comments
from feedback_service.domain.commands import EraseTexts, ModerateEvaluation, ReplyToEvaluation
from feedback_service.domain.comment_messages import (
    CommentErased,
    CommentMade,
    CommentModerated,
    CommentReplied,
    EraseComment,
    MakeComment,
    ModerateComment,
    ReplyToComment,
)
from feedback_service.domain.events import EvaluationModerated, EvaluationReplied, EvaluationTextsErased
from feedback_service.tests.unit.stories import ABOUT, ANA, BRUNO, ID, RESOLVED, SPEC, TECHNICIAN, asked, hours, rated
from feedback_service.tests.unit.test_service import resolve
from feedback_service.wiring import component
from services.application import Request
from services.errors import NotFound, Refused
from services.testing.app import MemoryApp, memory_app
from services.testing.decider import DeciderSpec

COMMENT = DeciderSpec(comments.DECIDER)
OF: dict[str, Any] = {"comment_id": "k-1", "contract_id": "contract-1", "customer_id": "customer-1"}
MADE = CommentMade(**OF, contact_id=ANA, at=hours(1), text="Sempre pontuais.")
HIDDEN = EvaluationModerated(**ABOUT, at=hours(2), hidden=True, by="user-m", reason="Cita um terceiro")
WRITTEN = (asked(), rated(4, hours(1), "O João da portaria não ajudou"))


# -- the rules ---------------------------------------------------------------------------------------------------------


def test_a_comment_is_hidden_with_a_reason_and_shown_again() -> None:
    hide = ModerateEvaluation(ID, True, "Cita um terceiro", "user-m", hours(2))
    SPEC.given(*WRITTEN).when(hide).then(HIDDEN)
    SPEC.given(*WRITTEN, HIDDEN).when(hide).then_nothing()
    shown = EvaluationModerated(**ABOUT, at=hours(3), hidden=False, by="user-m", reason="Engano")
    SPEC.given(*WRITTEN, HIDDEN).when(ModerateEvaluation(ID, False, "Engano", "user-m", hours(3))).then(shown)


def test_nothing_is_hidden_without_a_reason_or_where_nothing_was_written() -> None:
    SPEC.given(*WRITTEN).when(ModerateEvaluation(ID, True, "  ", "user-m", hours(2))).then_refused(
        "evaluation.moderation-reason-required"
    )
    SPEC.given(asked()).when(ModerateEvaluation(ID, True, "x", "user-m", hours(2))).then_refused(
        "evaluation.nothing-written"
    )


def test_the_provider_replies_once_with_one_id() -> None:
    reply = ReplyToEvaluation(ID, "r-1", " Vamos falar com a portaria. ", "user-m", hours(2))
    said = EvaluationReplied(
        **ABOUT, contact_id=ANA, at=hours(2), reply_id="r-1", by="user-m", text="Vamos falar com a portaria."
    )
    SPEC.given(*WRITTEN).when(reply).then(said)
    SPEC.given(*WRITTEN, said).when(reply).then_nothing()
    SPEC.given(asked()).when(reply).then_refused("evaluation.nothing-written")
    SPEC.given(*WRITTEN).when(ReplyToEvaluation(ID, "r-1", " ", "user-m", hours(2))).then_refused(
        "evaluation.text-required"
    )
    SPEC.given(*WRITTEN, said).when(EraseTexts(ID, hours(9))).then(EvaluationTextsErased(**ABOUT, at=hours(9)))


def test_a_comment_on_a_contract_is_for_those_who_speak_for_its_customer() -> None:
    make = MakeComment("k-1", "contract-1", ANA, " Sempre pontuais. ", hours(1), "customer-1", authorised=True)
    COMMENT.given().when(make).then(MADE)
    COMMENT.given(MADE).when(make).then_nothing()
    COMMENT.given().when(MakeComment("k-1", "c", "eve", "x", hours(1), "customer-1")).then_refused(
        "evaluation.not-authorised"
    )
    with pytest.raises(NotFound):
        comments.DECIDER.decide(MakeComment("k-1", "c", ANA, "x", hours(1)), comments.Comment())


def test_it_is_hidden_replied_to_and_erased_like_any_other() -> None:
    COMMENT.given(MADE).when(ModerateComment("k-1", True, "Ofensa", "user-m", hours(2))).then(
        CommentModerated(**OF, at=hours(2), hidden=True, by="user-m", reason="Ofensa")
    )
    replied = CommentReplied(**OF, contact_id=ANA, at=hours(2), reply_id="r-1", by="user-m", text="Obrigado!")
    COMMENT.given(MADE).when(ReplyToComment("k-1", "r-1", "Obrigado!", "user-m", hours(2))).then(replied)
    COMMENT.given(MADE, replied).when(ReplyToComment("k-1", "r-1", "Obrigado!", "user-m", hours(2))).then_nothing()
    erased = CommentErased(**OF, at=hours(3))
    COMMENT.given(MADE).when(EraseComment("k-1", hours(3))).then(erased)
    COMMENT.given(MADE, erased).when(EraseComment("k-1", hours(4))).then_nothing()
    with pytest.raises(NotFound):
        comments.DECIDER.decide(EraseComment("k-1", hours(3)), comments.Comment())


# -- who reads what ----------------------------------------------------------------------------------------------------


@pytest.fixture
def app() -> Iterator[MemoryApp]:
    made = memory_app(component())
    made.now = lambda: RESOLVED
    terms: dict[str, Any] = {"time_zone": "America/Sao_Paulo", "evaluation": {}}
    activated = {"contract_id": "contract-1", "customer_id": "customer-1", "on": "2026-01-01", "terms": terms}
    people = [
        ("contracts.customer.contact_authorised", {"customer_id": "customer-1", "contact_id": id_, "rights": []})
        for id_ in (ANA, BRUNO)
    ]
    made.deliver([("contracts.contract.activated", activated), *people], source="contracts")
    yield made
    made.close()


def asked_by(app: MemoryApp, actor: str, query: str, **params: Any) -> Any:
    return app.app.query(query, params, Request(id="", command=query, payload={}, actor=actor))


def seen(app: MemoryApp, actor: str) -> tuple[Any, ...]:
    row = asked_by(app, actor, "evaluation", evaluation_id=ID)
    return row["comment"], row["hidden"], row["hidden_reason"]


def test_who_wrote_a_hidden_comment_still_sees_it_and_why(app: MemoryApp) -> None:
    resolve(app)
    said = {"evaluation_id": ID, "by": ANA, "score": 4, "comment": "O João não ajudou"}
    app.send("rate_service", said, actor=f"contact:{ANA}")
    hide = {"evaluation_id": ID, "hidden": True, "reason": "Cita um terceiro", "by": "user-m"}
    app.send("moderate_evaluation", hide, actor="user:user-m")
    assert seen(app, f"contact:{ANA}") == ("O João não ajudou", True, "Cita um terceiro")
    assert seen(app, "user:user-m") == ("O João não ajudou", True, "Cita um terceiro")
    assert seen(app, f"contact:{BRUNO}") == (None, True, None)
    app.send("moderate_evaluation", {**hide, "hidden": False, "reason": "Engano"}, actor="user:user-m")
    assert seen(app, f"contact:{BRUNO}") == ("O João não ajudou", False, None)


def test_a_reply_stands_below_the_comment_until_its_person_is_erased(app: MemoryApp) -> None:
    resolve(app)
    app.send("rate_service", {"evaluation_id": ID, "by": ANA, "score": 5, "comment": "Ótimo"}, actor=f"contact:{ANA}")
    reply = {"evaluation_id": ID, "reply_id": "r-1", "text": "Obrigado!", "by": "user-m"}
    app.send("reply_to_evaluation", reply, actor="user:user-m")
    [said] = app.query("evaluation", evaluation_id=ID)["replies"]
    assert (said["reply_id"], said["by"], said["text"]) == ("r-1", "user-m", "Obrigado!")
    app.deliver([("contracts.customer.erased", {"customer_id": "customer-1", "person_ids": [ANA]})], source="contracts")
    assert app.query("evaluation", evaluation_id=ID)["replies"] == []


def test_a_contract_is_commented_on_without_a_request(app: MemoryApp) -> None:
    comment = {"comment_id": "k-1", "contract_id": "contract-1", "by": ANA, "text": "Sempre pontuais."}
    app.send("make_comment", comment, actor=f"contact:{ANA}")
    with pytest.raises(Refused) as refused:
        app.send("make_comment", {**comment, "comment_id": "k-2"}, actor=f"contact:{BRUNO}")
    assert refused.value.code == "evaluation.not-authorised"
    app.send("moderate_comment", {"comment_id": "k-1", "hidden": True, "reason": "x", "by": "m"}, actor="user:m")
    assert asked_by(app, f"contact:{ANA}", "comment", comment_id="k-1")["text"] == "Sempre pontuais."
    assert asked_by(app, f"contact:{BRUNO}", "comment", comment_id="k-1")["text"] is None
    [item] = app.query("comments", contract_id="contract-1")["items"]
    assert (item["contact_id"], item["hidden"]) == (ANA, True)
    app.deliver([("contracts.customer.erased", {"customer_id": "customer-1", "person_ids": [ANA]})], source="contracts")
    assert app.query("comment", comment_id="k-1")["text"] is None


# -- figures by group --------------------------------------------------------------------------------------------------


def test_satisfaction_by_month_service_and_technician_leaves_silence_out(app: MemoryApp) -> None:
    """Two answers (5 and 2), one silence, in two months of São Paulo."""
    from feedback_service.domain.ids import evaluation_id

    for number, (month, service, score) in enumerate([(3, "s-1", 5), (3, "s-2", 2), (4, "s-1", None)], 1):
        request_id = f"3f0c0d0e-0000-7000-8000-00000000001{number}"
        at = RESOLVED.replace(month=month, day=1, hour=2)  # still the month before in São Paulo
        data = {
            "request_id": request_id, "contract_id": "contract-1", "customer_id": "customer-1", "contact_id": ANA,
            "at": at, "resolution": 1, "resolved_by": TECHNICIAN, "service_type_id": service,
        }  # fmt: skip
        app.deliver([("tickets.request.resolved", data)], source="tickets")
        if score:
            answer = {"evaluation_id": evaluation_id(request_id, 1), "by": ANA, "score": score, "comment": "x"}
            app.send("rate_service", answer, actor=f"contact:{ANA}")
    app.run_due(RESOLVED.replace(month=6))
    months = {row["key"]: row for row in app.query("satisfaction", by="month")["items"]}
    assert sorted(months) == ["2026-02", "2026-03"]
    assert (months["2026-02"]["rated"], months["2026-02"]["average"], months["2026-02"]["csat_percent"]) == (
        2,
        "3.50",
        "50.00",
    )
    silent = months["2026-03"]
    assert (silent["tacit"], silent["rated"], silent["csat_percent"], silent["response_percent"]) == (
        1,
        0,
        None,
        "0.00",
    )
    services = {row["key"]: row["scores"] for row in app.query("satisfaction", by="service_type")["items"]}
    assert services == {
        "s-1": {"1": 0, "2": 0, "3": 0, "4": 0, "5": 1},
        "s-2": {"1": 0, "2": 1, "3": 0, "4": 0, "5": 0},
    }
    [technician] = app.query("satisfaction", by="technician", contract_id="contract-1")["items"]
    assert (technician["key"], technician["asked"], technician["response_percent"]) == (TECHNICIAN, 3, "66.67")
