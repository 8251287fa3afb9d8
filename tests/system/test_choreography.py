"""Who listens to whom: each row of the choreography, through real commands and what really follows from them.

| when                                            | then                                                                  |
|-------------------------------------------------|-----------------------------------------------------------------------|
| contract activated, amended, adjusted, renewed  | billing plans the charges; tickets knows coverage; feedback its rules |
| contract suspended, terminated, expired         | billing stops, prorates and credits; tickets says so                  |
| contract resumed                                | billing plans again; covered again                                    |
| work recorded beyond what is included           | a charge in arrears that points to it                                 |
| request resolved with evidence                  | the customer is asked                                                 |
| evaluation confirmed, or its time passes        | the request is closed                                                 |
| evaluation contested, or a low score            | the request is reopened, a follow-up starts                           |
| account in default                              | notice, suspension; on payment resumption                             |
| customer erased                                 | test_erasure.py                                                       |
| history imported                                | nobody is triggered: test_history.py                                  |
"""

from __future__ import annotations

from typing import Any

import pytest

from services.errors import Refused
from tests.system.world import CONTACT, CONTRACT, CUSTOMER, SERVICE, World, contract_terms, line

AS_CONTACT = f"contact:{CONTACT}"

# -- a contract comes into force, and changes ------------------------------------------------------------------------


def test_an_activated_contract_has_an_account_with_a_year_planned(world: World) -> None:
    """Its charges until the end of the month twelve months later, each with the clause that says so."""
    world.sign()
    account = world.ask("billing", "account", account_id=CONTRACT)
    assert (account["customer_id"], account["opened_on"]) == (CUSTOMER, "2026-03-01")
    year = [f"2026-{month:02}-01" for month in range(3, 13)] + [f"2027-{month:02}-01" for month in (1, 2, 3)]
    assert world.planned() == [(first, "1000.00") for first in year]
    agenda = world.ask("billing", "agenda", account_id=CONTRACT)["items"]
    assert {item["clause"] for item in agenda} == {"4.1"}


def test_an_activated_contract_covers_its_services_for_its_contacts(world: World) -> None:
    """And nothing that it does not name, for nobody whom it does not know."""
    world.sign()
    assert world.coverage() == "covered"
    assert world.coverage(contact_id="somebody") == "not_authorised"
    question = {"contract_id": CONTRACT, "service_type_id": "another", "contact_id": CONTACT}
    assert world.ask("tickets", "coverage", **question)["status"] == "not_covered"


def test_a_contract_is_not_covered_before_it_is_active(world: World) -> None:
    drafted = {"contract_id": CONTRACT, "customer_id": CUSTOMER, "provider_id": "prov-1", "terms": contract_terms()}
    world.do("contracts", "draft_contract", **drafted)
    assert world.types("billing") == []
    with pytest.raises(Refused):
        world.open_request()


def test_the_rules_of_evaluation_are_those_of_the_contract(world: World) -> None:
    """Five days to answer instead of seven, and scores under four are low."""
    world.sign(evaluation={"tacit_days": 5, "score_limit": 4})
    world.open_request()
    asked = world.evaluation(world.resolve())
    assert (asked["score_limit"], asked["tacit_at"]) == (4, "2026-03-07T12:00:00Z")


def test_an_addendum_changes_charges_and_coverage_from_its_day(world: World) -> None:
    """The months before keep their price; the service that it drops is no longer covered from that day."""
    world.sign()
    amended = contract_terms(lines=[line("1300.00")], services=[])
    world.do(
        "contracts", "amend_contract", contract_id=CONTRACT, effective_on="2026-05-01", terms=amended, reason="Menos"
    )
    planned = dict(world.planned())
    assert [planned[f"2026-{month:02}-01"] for month in (3, 4, 5, 6)] == ["1000.00", "1000.00", "1300.00", "1300.00"]
    assert world.coverage() == "covered"
    world.go_to("2026-05-01")
    assert world.coverage() == "not_covered"


def test_an_adjusted_price_is_charged_from_its_day(world: World) -> None:
    """4.62 % after a year: 1,000.00 becomes 1,046.20."""
    world.sign(on="2025-04-01")
    world.do("contracts", "adjust_price", contract_id=CONTRACT, effective_on="2026-04-01", percent="4.62")
    planned = dict(world.planned())
    assert (planned["2026-03-01"], planned["2026-04-01"], planned["2026-12-01"]) == ("1000.00", "1046.20", "1046.20")


def test_a_renewed_contract_is_planned_beyond_its_first_end(world: World) -> None:
    """Before: nothing after the last day. After: the new term, and the service is covered in it."""
    world.sign(on="2025-06-01", ends_on="2026-05-31", renewal="approval")
    assert world.planned()[-1][0] == "2026-05-01"
    world.do("contracts", "renew_contract", contract_id=CONTRACT, ended_on="2026-05-31")
    assert ("2026-06-01", "1000.00") in world.planned()
    world.go_to("2026-06-15")
    assert world.coverage() == "covered"


def test_a_tacit_renewal_comes_by_itself(world: World) -> None:
    """On the last day on which notice could be given: nobody has to remember it."""
    world.sign(on="2025-06-01", ends_on="2026-05-31", renewal="tacit", notice_days=30)
    world.go_to("2026-05-03")
    assert world.told("contracts.contract.renewed", contract_id=CONTRACT)[0]["ends_on"] == "2027-05-31"
    assert ("2027-05-01", "1000.00") in world.planned()


# -- a contract rests, and ends --------------------------------------------------------------------------------------


def bill(world: World, month: str, contract_id: str = CONTRACT) -> None:
    world.do("billing", "bill_month", account_id=contract_id, month=month)


def suspend(world: World, on: str) -> None:
    world.do("contracts", "suspend_contract", contract_id=CONTRACT, reason="agreement", on=on)


def test_a_suspended_contract_is_not_charged_and_what_was_billed_is_credited(world: World) -> None:
    """March is billed; from the 17th nothing is due: 15 of 31 days of 1,000.00 are 483.87."""
    world.sign()
    bill(world, "2026-03")
    world.go_to("2026-03-17")
    suspend(world, "2026-03-17")
    (march,) = world.receivables()
    (note,) = march["credit_notes"]
    assert (note["amount"], march["balance"]) == ("483.87", "516.13")
    assert world.planned() == []
    assert world.coverage() == "suspended"


def test_a_suspension_holds_the_open_requests_and_the_resumption_releases_them(world: World) -> None:
    world.sign()
    world.go_to("2026-03-17")
    world.open_request()
    before = world.request("req-1")["resolution_due_at"]
    suspend(world, "2026-03-17")
    held = world.request("req-1")
    assert (held["resolution_due_at"], held["response_due_at"]) == (None, None)
    world.go_to("2026-03-25")
    world.do("contracts", "resume_contract", contract_id=CONTRACT, on="2026-03-25")
    assert world.request("req-1")["resolution_due_at"] > before


def test_a_resumed_contract_is_charged_and_covered_from_that_day(world: World) -> None:
    """Seven days of March are left when it resumes on the 25th: 225.81; then whole months again."""
    world.sign()
    bill(world, "2026-03")
    world.go_to("2026-03-17")
    suspend(world, "2026-03-17")
    world.go_to("2026-03-25")
    world.do("contracts", "resume_contract", contract_id=CONTRACT, on="2026-03-25")
    assert world.planned()[:2] == [("2026-03-25", "225.81"), ("2026-04-01", "1000.00")]
    assert world.coverage() == "covered"


def test_a_terminated_contract_ends_with_its_last_day_in_force(world: World) -> None:
    """The 16th is the last day: the rest of the billed month is credited, nothing is planned, nothing covered."""
    world.sign()
    bill(world, "2026-03")
    world.go_to("2026-03-17")
    world.do("contracts", "terminate_contract", contract_id=CONTRACT, on="2026-03-16", reason="Mudança")
    (march,) = world.receivables()
    assert march["balance"] == "516.13"
    assert world.planned() == []
    assert world.coverage() == "not_covered"


def test_an_expired_contract_ends_by_itself(world: World) -> None:
    """It was never planned beyond its last day; when that is over, nothing is covered any more."""
    world.sign(ends_on="2026-04-15")
    assert world.planned() == [("2026-03-01", "1000.00"), ("2026-04-01", "500.00")]
    world.go_to("2026-04-15")
    assert world.coverage() == "covered"
    world.go_to("2026-04-16")
    assert world.told("contracts.contract.expired", contract_id=CONTRACT)
    assert world.told("billing.account.planning_stopped", account_id=CONTRACT)[0]["reason"] == "expiry"
    assert world.coverage() == "not_covered"


# -- work ------------------------------------------------------------------------------------------------------------


def work(world: World, work_id: str, quantity: str, request_id: str = "req-1") -> None:
    world.do(
        "tickets", "record_work", request_id=request_id, work_id=work_id, quantity=quantity, performed_on="2026-03-02",
        technician_id="bruno", description="Troca do dreno",
    )  # fmt: skip


def test_work_within_the_included_quantity_costs_nothing(world: World) -> None:
    world.sign()
    world.open_request()
    work(world, "work-1", "2")
    assert world.told("billing.charge.added") == []


def test_work_beyond_the_included_quantity_is_charged_and_points_to_it(world: World) -> None:
    """3.5 hours where 2 are included: 1.5 × 120.00, billed in arrears, on the receivable with its reason."""
    world.sign()
    world.open_request()
    work(world, "work-1", "3.5")
    (charge,) = world.told("billing.charge.added", account_id=CONTRACT)
    assert (charge["quantity"], charge["unit_price"], charge["amount"]) == ("1.5", "120.00", "180.00")
    assert (charge["source_type"], charge["source_ref"]) == ("work", "work-1")
    assert charge["bill_on"] >= charge["occurred_on"]
    bill(world, charge["bill_on"][:7])
    lines = [each for receivable in world.receivables() for each in receivable["lines"]]
    (billed,) = [each for each in lines if each["charge_id"] == charge["charge_id"]]
    assert (billed["amount"], billed["description"]) == ("180.00", "Troca do dreno")
    assert billed["why"]


def test_the_included_quantity_is_the_months_not_the_requests(world: World) -> None:
    """Two works of 1.5 hours on two requests: the second goes one hour beyond."""
    world.sign()
    world.open_request("req-1")
    world.open_request("req-2")
    work(world, "work-1", "1.5", "req-1")
    work(world, "work-2", "1.5", "req-2")
    (charge,) = world.told("billing.charge.added")
    assert (charge["source_ref"], charge["amount"]) == ("work-2", "120.00")


# -- the customer's verdict ------------------------------------------------------------------------------------------


def test_a_resolved_request_asks_its_contact(world: World) -> None:
    world.sign()
    world.open_request()
    evaluation_id = world.resolve()
    asked = world.evaluation(evaluation_id)
    assert (asked["status"], asked["contact_id"], asked["request_id"]) == ("asked", CONTACT, "req-1")


def test_a_request_without_evidence_is_not_resolved_and_asks_nobody(world: World) -> None:
    world.sign()
    world.open_request()
    with pytest.raises(Refused) as refused:
        world.do("tickets", "resolve_request", request_id="req-1", summary="Pronto.")
    assert (refused.value.code, refused.value.params["missing"]) == ("request.evidence-missing", "photo")
    assert world.types("feedback") == []


def test_a_confirmed_service_closes_the_request(world: World) -> None:
    world.sign()
    world.open_request()
    evaluation_id = world.resolve()
    world.do("feedback", "confirm_service", actor=AS_CONTACT, evaluation_id=evaluation_id, by=CONTACT)
    (closed,) = world.told("tickets.request.closed", request_id="req-1")
    assert (closed["by"], world.request("req-1")["status"]) == ("confirmation", "closed")


def test_silence_confirms_when_its_time_is_over(world: World) -> None:
    """After a reminder, and not a day before."""
    world.sign()
    world.open_request()
    world.resolve()
    world.go_to("2026-03-08")
    assert world.told("feedback.evaluation.reminded")
    assert world.request("req-1")["status"] == "resolved"
    world.go_to("2026-03-09")
    (closed,) = world.told("tickets.request.closed", request_id="req-1")
    assert (closed["by"], world.request("req-1")["status"]) == ("tacit", "closed")


def test_a_contested_service_is_reopened_and_followed_up(world: World) -> None:
    world.sign()
    world.open_request()
    contested = {"evaluation_id": world.resolve(), "by": CONTACT, "reason": "Continua pingando."}
    world.do("feedback", "contest_service", actor=AS_CONTACT, **contested)
    (reopened,) = world.told("tickets.request.reopened", request_id="req-1")
    assert (reopened["cause"], world.request("req-1")["status"]) == ("contested", "in_progress")
    assert world.told("feedback.evaluation.follow_up_started")[0]["cause"] == "contested"


def test_a_low_score_reopens_and_a_good_one_closes(world: World) -> None:
    """The limit is three: two is low, three is not."""
    world.sign()
    world.open_request()
    rated = {"evaluation_id": world.resolve(), "by": CONTACT, "score": 2, "comment": "Demorou."}
    world.do("feedback", "rate_service", actor=AS_CONTACT, **rated)
    assert world.told("tickets.request.reopened", request_id="req-1")[0]["cause"] == "low_score"
    assert world.told("feedback.evaluation.follow_up_started")[0]["cause"] == "low_score"
    again = {"evaluation_id": world.resolve(), "by": CONTACT, "score": 3}
    world.do("feedback", "rate_service", actor=AS_CONTACT, **again)
    assert world.request("req-1")["status"] == "closed"


# -- default ---------------------------------------------------------------------------------------------------------


def fall_into_default(world: World) -> None:
    """March is due on the 12th; thirty days later, on 11 April, the account is in default."""
    world.sign()
    bill(world, "2026-03")
    world.go_to("2026-04-11")


def pay(world: World) -> None:
    """What March costs today, with fine and interest."""
    (march,) = world.receivables()
    owed = march["as_of"]["payable"]
    world.do("billing", "record_payment", account_id=CONTRACT, payment_id="pay-1", amount=owed, method="pix")


def test_a_default_suspends_after_notice_and_payment_resumes(world: World) -> None:
    fall_into_default(world)
    (notice,) = world.told("contracts.contract.suspension_notified", contract_id=CONTRACT)
    assert (notice["reason"], notice["on"], notice["suspend_on"]) == ("default", "2026-04-11", "2026-04-16")
    world.go_to("2026-04-15")
    assert world.coverage() == "covered"
    world.go_to("2026-04-16")
    assert world.told("contracts.contract.suspended", contract_id=CONTRACT)[0]["on"] == "2026-04-16"
    assert world.coverage() == "suspended"
    assert [first for first, _ in world.planned() if first > "2026-04-16"] == []
    world.go_to("2026-04-20")
    pay(world)
    assert world.told("billing.account.regularised", account_id=CONTRACT)
    assert world.told("contracts.contract.resumed", contract_id=CONTRACT)[0]["on"] == "2026-04-20"
    assert world.coverage() == "covered"
    assert ("2026-05-01", "1000.00") in world.planned()


def test_a_payment_within_the_notice_keeps_the_contract_active(world: World) -> None:
    fall_into_default(world)
    world.go_to("2026-04-13")
    pay(world)
    world.go_to("2026-04-20")
    assert world.told("contracts.contract.suspension_withdrawn", contract_id=CONTRACT)
    assert world.told("contracts.contract.suspended") == []
    assert world.coverage() == "covered"


def test_an_account_not_in_default_for_long_enough_moves_nothing(world: World) -> None:
    world.sign()
    bill(world, "2026-03")
    world.go_to("2026-04-10")
    assert world.told("billing.account.in_default") == []
    assert world.told("contracts.contract.suspension_notified") == []


def test_a_contract_that_does_not_suspend_goes_on_in_spite_of_a_default(world: World) -> None:
    world.sign(default={"days": 30, "suspend": False})
    bill(world, "2026-03")
    world.go_to("2026-04-20")
    assert world.told("billing.account.in_default", account_id=CONTRACT)
    assert world.told("contracts.contract.suspension_notified") == []
    assert world.coverage() == "covered"


# -- how it is told --------------------------------------------------------------------------------------------------


def test_every_effect_names_its_policy_and_the_event_that_caused_it(world: World) -> None:
    """From the last event the first cause is found: confirmation → closing, resolution → question, work → charge."""
    world.sign()
    world.open_request()
    work(world, "work-1", "3")
    evaluation_id = world.resolve()
    world.do("feedback", "confirm_service", actor=AS_CONTACT, evaluation_id=evaluation_id, by=CONTACT)
    of = {event["id"]: event["type"] for service in world.system.apps for event in world.feed(service)}
    told = {
        effect: {(actor, of[cause]) for actor, cause in world.caused(effect)}
        for effect in ("billing.charge.added", "feedback.evaluation.requested", "tickets.request.closed")
    }
    assert told == {
        "billing.charge.added": {("system:charge_work", "tickets.request.work_recorded")},
        "feedback.evaluation.requested": {("system:follow_requests", "tickets.request.resolved")},
        "tickets.request.closed": {("system:obey_verdict", "feedback.evaluation.confirmed")},
    }


def test_a_whole_life_leaves_nothing_parked_stopped_or_refused(world: World) -> None:
    world.sign()
    world.open_request()
    work(world, "work-1", "3")
    evaluation_id = world.resolve()
    world.do("feedback", "confirm_service", actor=AS_CONTACT, evaluation_id=evaluation_id, by=CONTACT)
    bill(world, "2026-03")
    world.go_to("2026-04-16")
    pay(world)
    for service, state in world.health().items():
        assert (state["parked"], state["stopped"], state["ready"]) == (0, [], True), service
        assert world.system.call(service, "operate", {"action": "refusals"}) == [], service
        assert world.system.call(service, "operate", {"action": "verify"})["ok"], service


PLAN = {"plan_id": "mensal", "service_type_id": SERVICE, "description": "Preventiva", "per_month": 1}


def visits(world: World, **params: Any) -> list[dict[str, Any]]:
    return list(world.ask("tickets", "visits", contract_id=CONTRACT, **params)["items"])


def test_an_active_contract_plans_its_visits_and_time_plans_on(world: World) -> None:
    world.sign(visit_plan=[PLAN])
    assert [visit["on"][:7] for visit in visits(world)] == ["2026-03", "2026-04", "2026-05"]
    assert {visit["description"] for visit in visits(world)} == {"Preventiva"}
    world.go_to("2026-04-02")
    assert [visit["on"][:7] for visit in visits(world)] == ["2026-03", "2026-04", "2026-05", "2026-06"]


def test_future_visits_of_a_suspended_contract_are_cancelled_and_planned_again_at_its_resumption(world: World) -> None:
    world.sign(visit_plan=[PLAN])
    world.go_to("2026-04-01")
    suspend(world, "2026-04-01")
    assert {visit["status"] for visit in visits(world, since="2026-04-01")} == {"cancelled"}
    assert {visit["status"] for visit in visits(world, until="2026-03-31")} == {"planned"}
    world.go_to("2026-05-01")
    world.do("contracts", "resume_contract", contract_id=CONTRACT, on="2026-05-01")
    months = [visit["on"][:7] for visit in visits(world, status="planned", since="2026-04-01")]
    assert months == ["2026-05", "2026-06", "2026-07"]


def test_a_terminated_contract_has_no_visits_after_its_last_day(world: World) -> None:
    world.sign(visit_plan=[PLAN])
    world.go_to("2026-04-15")
    world.do("contracts", "terminate_contract", contract_id=CONTRACT, on="2026-04-15", reason="agreement")
    assert visits(world, status="planned", since="2026-04-16") == []


def test_a_visit_beyond_the_included_ones_is_charged(world: World) -> None:
    service = {
        "service_type_id": SERVICE,
        "code": "AC",
        "name": "Ar-condicionado",
        "included_quantity": "1",
        "unit": "visit",
        "overage_unit_price": "180.00",
    }
    world.sign(services=[service])
    for number in (1, 2):
        asked = {"visit_id": f"v{number}", "contract_id": CONTRACT, "on": "2026-03-05", "service_type_id": SERVICE}
        world.do("tickets", "schedule_visit", **asked, description="Visita técnica")
        world.do("tickets", "finish_visit", contract_id=CONTRACT, visit_id=f"v{number}", performed_on="2026-03-05")
    charged = [item for item in world.told("billing.charge.added") if item["source_ref"].startswith("v")]
    assert [(item["source_ref"], item["amount"]) for item in charged] == [("v2", "180.00")]
