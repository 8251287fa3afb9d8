"""Opening, planning, terms, stops and bills of an account."""

from __future__ import annotations

from dataclasses import replace

from billing_service.domain import commands as c
from billing_service.domain import events as e
from billing_service.domain.terms import BillingRules
from billing_service.tests.unit.given import (
    ACCOUNT,
    SPEC,
    amount,
    bill,
    day,
    given,
    issued,
    kinds,
    line,
    noon,
    only,
    open_account,
    pay,
    planned,
    terms,
)


def take(on: str, *lines: object, cause: str = "addendum 1", **options: object) -> c.TakeTerms:
    return c.TakeTerms(ACCOUNT, day(on), terms(*lines, **options), cause, noon(on))  # type: ignore[arg-type]


def stop(on: str, reason: str = "suspension", at: str | None = None) -> c.StopPlanning:
    return c.StopPlanning(ACCOUNT, day(on), reason, noon(at or on))


def resume(on: str) -> c.ResumePlanning:
    return c.ResumePlanning(ACCOUNT, day(on), noon(on))


def work(ref: str = "W1", quantity: str = "2.5", **options: object) -> c.AddCharge:
    price = options.pop("price", "120.00")
    return c.AddCharge(
        ACCOUNT,
        "work",
        ref,
        amount(quantity),
        day("2026-03-10"),
        "Horas além do incluído",
        amount(str(price)) if price else None,
        **options,  # type: ignore[arg-type]
    )


# -- the agenda ------------------------------------------------------------------------------------------------------


def test_an_account_opens_with_its_terms_and_a_year_of_charges() -> None:
    events = SPEC.when(open_account()).events()
    assert kinds(events) == ["AccountOpened", "TermsTaken", "ChargesPlanned"]
    charges = planned(events)
    assert charges[0] == ("2026-01-01", "2026-01-31", "2026-01-01", "300.00")
    assert (len(charges), charges[-1][0]) == (13, "2027-01-01")


def test_an_account_opens_once() -> None:
    SPEC.when(open_account(), open_account()).then_nothing()


def test_commands_need_an_open_account() -> None:
    SPEC.when(bill("2026-01")).then_refused("account.not-open", account_id=ACCOUNT)


def test_a_charge_in_arrears_is_billed_the_day_after_its_period() -> None:
    charges = planned(SPEC.when(open_account(line(mode="arrears"))).events())
    assert charges[0] == ("2026-01-01", "2026-01-31", "2026-02-01", "300.00")


def test_a_contract_that_ends_within_a_period_is_charged_for_its_days() -> None:
    charges = planned(SPEC.when(open_account(ends_on="2026-02-14")).events())
    assert charges[-1] == ("2026-02-01", "2026-02-14", "2026-02-01", "150.00")


def test_a_one_off_line_is_charged_once_on_its_day() -> None:
    once = line("80.00", kind="one_off", starts_on=day("2026-01-20"))
    spec = given(open_account(once))
    assert planned(list(spec.history)) == [("2026-01-20", "2026-01-20", "2026-01-20", "80.00")]
    again = take("2026-03-01", once, line("10.00", "L2"))
    assert not [charge for charge in planned(spec.when(again).events()) if charge[3] == "80.00"]


def test_a_one_off_line_of_an_addendum_is_charged_when_the_addendum_begins() -> None:
    fee = line("80.00", "L9", kind="one_off")
    charges = planned(given(open_account()).when(take("2026-03-05", line(), fee)).events())
    assert [charge for charge in charges if charge[3] == "80.00"] == [
        ("2026-03-05", "2026-03-05", "2026-03-05", "80.00")
    ]


def test_a_line_with_amount_zero_is_not_charged() -> None:
    assert planned(SPEC.when(open_account(line("0.00"))).events()) == []


def test_the_agenda_of_a_contract_that_has_run_for_years_reaches_twelve_months_from_today() -> None:
    monthly = line(starts_on=day("2026-01-01"))
    charges = planned(SPEC.when(open_account(monthly, starts_on="2020-05-10")).events())
    assert (charges[0][0], charges[-1][0]) == ("2026-01-01", "2027-01-01")


# -- new terms -------------------------------------------------------------------------------------------------------


def test_a_new_price_splits_the_period_that_it_begins_in() -> None:
    charges = planned(given(open_account()).when(take("2026-04-11", line("600.00"))).events())
    assert charges[:3] == [
        ("2026-04-01", "2026-04-10", "2026-04-01", "100.00"),
        ("2026-04-11", "2026-04-30", "2026-04-11", "400.00"),
        ("2026-05-01", "2026-05-31", "2026-05-01", "600.00"),
    ]


def test_a_new_price_credits_the_days_that_were_billed_and_charges_them_anew() -> None:
    spec = given(open_account(), bill("2026-04"))
    events = spec.when(take("2026-04-11", line("600.00"))).events()
    note = only(events, e.CreditNoteIssued)
    assert (note.amount, note.period_start, note.period_end) == (amount("200.00"), day("2026-04-11"), day("2026-04-30"))
    assert planned(events)[0] == ("2026-04-11", "2026-04-30", "2026-04-11", "400.00")


def test_new_terms_that_leave_a_line_alone_leave_its_charges_alone() -> None:
    """OCA 467: a price revision touches no line but its own."""
    spec = given(open_account(), bill("2026-04"))
    before = {p.charge_id: (p.period_start, p.amount) for p in spec.state().pending.values()}
    after = spec.when(take("2026-04-11", line(), line("50.00", "L2"))).state().pending
    assert {key: (after[key].period_start, after[key].amount) for key in before} == before


def test_the_same_terms_again_change_nothing() -> None:
    given(open_account()).when(take("2026-04-01", line())).then_nothing()


def test_an_addendum_that_drops_a_line_credits_what_was_billed_beyond() -> None:
    spec = given(open_account(line(), line("90.00", "L2")), bill("2026-04"))
    events = spec.when(take("2026-04-16", line())).events()
    assert only(events, e.CreditNoteIssued).amount == amount("45.00")


def test_a_renewal_that_is_recorded_late_leaves_no_gap() -> None:
    spec = given(open_account(ends_on="2026-03-31"))
    events = spec.when(take("2026-04-20", line(), cause="renewal", ends_on="2027-03-31")).events()
    assert planned(events)[0] == ("2026-04-01", "2026-04-30", "2026-04-01", "300.00")


def test_a_renewal_of_an_addendum_that_holds_later_keeps_the_price_until_then() -> None:
    spec = given(open_account(ends_on="2026-03-31"), take("2026-06-01", line("600.00"), ends_on="2026-03-31"))
    events = spec.when(take("2026-06-01", line("600.00"), cause="renewal", ends_on="2027-03-31")).events()
    by_month = {start: price for start, _, _, price in planned(events)}
    assert [by_month[f"2026-0{month}-01"] for month in (4, 5, 6)] == ["300.00", "300.00", "600.00"]


# -- stops -----------------------------------------------------------------------------------------------------------


def test_a_suspension_credits_the_days_that_were_billed() -> None:
    spec = given(open_account(), bill("2026-04"))
    events = spec.when(stop("2026-04-11")).events()
    note = only(events, e.CreditNoteIssued)
    assert (note.amount, note.applied, note.unallocated) == (amount("200.00"), amount("200.00"), amount("0.00"))
    assert planned(events) == []


def test_what_was_paid_and_is_credited_becomes_the_accounts_credit() -> None:
    spec = given(open_account(), bill("2026-04"), pay("1200.00", "2026-04-05"))
    note = only(spec.when(stop("2026-04-11")).events(), e.CreditNoteIssued)
    assert (note.applied, note.unallocated) == (amount("0.00"), amount("200.00"))


def test_a_suspension_prorates_what_is_not_billed_yet() -> None:
    events = given(open_account(line(mode="arrears"))).when(stop("2026-01-11")).events()
    assert planned(events) == [("2026-01-01", "2026-01-10", "2026-01-11", "96.77")]


def test_a_suspension_on_the_first_day_credits_the_whole_and_a_resumption_that_day_charges_it_anew() -> None:
    spec = given(open_account(), bill("2026-04"), stop("2026-04-01"))
    events = spec.when(resume("2026-04-01")).events()
    first = only(events, e.ChargesPlanned).charges[0]
    assert (first.period_start, first.period_end, first.amount) == (
        day("2026-04-01"),
        day("2026-04-30"),
        amount("300.00"),
    )
    assert first.charge_id not in spec.state().billed


def test_a_resumption_charges_from_its_day_on() -> None:
    spec = given(open_account(), bill("2026-04"), stop("2026-04-11"))
    assert planned(spec.when(resume("2026-04-21")).events())[:2] == [
        ("2026-04-21", "2026-04-30", "2026-04-21", "100.00"),
        ("2026-05-01", "2026-05-31", "2026-05-01", "300.00"),
    ]


def test_a_contract_may_say_that_a_suspension_gives_nothing_back() -> None:
    spec = given(open_account(billing=BillingRules(suspension="keep")), bill("2026-04"))
    spec.when(stop("2026-04-11")).then_nothing()
    assert spec.when(stop("2026-04-11", "termination")).events()


def test_a_termination_ends_the_agenda_and_what_was_added_is_still_billed() -> None:
    spec = given(open_account(), bill("2026-03"), work(), stop("2026-04-01", "termination"))
    receivable = issued(spec.when(bill("2026-04")).events())
    assert [item.charge_id for item in receivable.lines] == list(spec.state().pending)
    assert receivable.net == amount("300.00")


def test_a_stop_within_a_stop_changes_nothing() -> None:
    given(open_account(), stop("2026-04-11")).when(stop("2026-04-20", "termination")).then_nothing()


def test_a_stop_that_is_dated_back_credits_more() -> None:
    spec = given(open_account(), bill("2026-04"), stop("2026-04-21"))
    note = only(spec.when(stop("2026-04-11", "termination")).events(), e.CreditNoteIssued)
    assert (note.amount, note.period_start, note.period_end) == (amount("100.00"), day("2026-04-11"), day("2026-04-20"))


# -- added charges ---------------------------------------------------------------------------------------------------


def test_work_beyond_what_is_included_is_charged_by_quantity() -> None:
    added = only(given(open_account()).when(work()).events(), e.ChargeAdded)
    assert (added.amount, added.source_ref, added.explanation.kind) == (amount("300.00"), "W1", "use")


def test_the_same_work_is_charged_once_before_and_after_it_was_billed() -> None:
    given(open_account(), work()).when(work()).then_nothing()
    given(open_account(), work(), bill("2026-03")).when(work()).then_nothing()


def test_a_charge_without_a_price_takes_that_of_the_contracts_per_use_line() -> None:
    hours = line("150.00", "L5", kind="per_use", service_type_id="S1", clause="5.2")
    added = only(given(open_account(hours)).when(work(price=None, service_type_id="S1")).events(), e.ChargeAdded)
    assert (added.line_id, added.clause, added.amount) == ("L5", "5.2", amount("375.00"))


def test_a_charge_without_any_price_is_refused() -> None:
    given(open_account()).when(work(price=None)).then_refused("charge.no-price")


# -- bills -----------------------------------------------------------------------------------------------------------


def test_a_month_is_billed_once() -> None:
    """erpnext 28179 and many like it: a run twice issues nothing twice."""
    spec = given(open_account(), bill("2026-01"))
    spec.when(bill("2026-01")).then_nothing()


def test_a_month_gathers_planned_and_added_charges_into_one_receivable() -> None:
    spec = given(open_account(line(), line("90.00", "L2", clause="4.2")), bill("2026-02"), work())
    receivable = issued(spec.when(bill("2026-03", "2026-03-24")).events())
    assert [str(item.amount) for item in receivable.lines] == ["300.00", "90.00", "300.00"]
    assert (receivable.gross, receivable.net, receivable.month) == (amount("690.00"), amount("690.00"), "2026-03")


def test_months_that_were_missed_are_billed_by_the_next_run_none_skipped() -> None:
    """erpnext 46080, 53308: stuck after a skipped period."""
    receivable = issued(given(open_account()).when(bill("2026-04")).events())
    assert [str(item.period_start) for item in receivable.lines] == [f"2026-0{n}-01" for n in (1, 2, 3, 4)]


def test_a_second_receivable_of_a_month_has_a_number_of_its_own() -> None:
    spec = given(open_account(), bill("2026-03"), work())
    receivable = issued(spec.when(bill("2026-03", "2026-03-24")).events())
    assert (receivable.number, receivable.sequence) == ("C-7-2026-03.2", 2)


def test_the_agenda_moves_on_with_the_bills() -> None:
    events = given(open_account(), bill("2026-01")).when(bill("2026-02")).events()
    assert planned(events) == [("2027-02-01", "2027-02-28", "2027-02-01", "300.00")]


def test_due_on_a_saturday_is_payable_on_monday() -> None:
    receivable = issued(given(open_account()).when(bill("2026-01", "2026-01-07")).events())
    assert (str(receivable.due_on), str(receivable.payable_on)) == ("2026-01-17", "2026-01-19")


def test_a_discount_that_exceeds_the_charges_waits_for_the_next_month() -> None:
    discount = line("-200.00", "L2", kind="one_off", starts_on=day("2026-01-01"))
    spec = given(open_account(line("150.00"), discount))
    spec.when(bill("2026-01")).then_nothing()
    assert issued(spec.when(bill("2026-02")).events()).net == amount("100.00")


def test_credit_pays_the_next_receivable() -> None:
    spec = given(open_account(), bill("2026-01"), pay("350.00", "2026-01-05"))
    events = spec.when(bill("2026-02")).events()
    (use,) = only(events, e.CreditAllocated).allocations
    assert (use.source_id, use.amount) == ("P1", amount("50.00"))


def test_of_a_contract_that_was_taken_over_only_the_billed_month_is_billed_at_first() -> None:
    """What came before was billed elsewhere; later months follow as usual."""
    opening = replace(
        open_account(billing=BillingRules(first_bill="month"), starts_on="2020-05-10"), at=noon("2026-03-20")
    )
    spec = given(opening)
    assert planned(list(spec.history))[0][2] == "2026-03-10"
    receivable = issued(spec.when(bill("2026-04")).events())
    assert [str(item.period_start) for item in receivable.lines] == ["2026-04-10"]
    later = issued(given(opening, bill("2026-04")).when(bill("2026-06")).events())
    assert [str(item.period_start) for item in later.lines] == ["2026-05-10", "2026-06-10"]


def test_a_month_must_be_a_month() -> None:
    given(open_account()).when(c.BillMonth(ACCOUNT, "2026-13", day("2026-01-01"))).then_refused("account.month-invalid")


def test_each_line_explains_itself() -> None:
    spec = given(open_account(line("100.00", anchor_day=10)))
    why = issued(spec.when(bill("2026-01")).events()).lines[0].explanation
    assert (why.factor, why.days, why.full_days, why.amount) == ("9/31", 9, 31, amount("29.03"))
    assert (why.rounding, why.exact, why.cause, why.clause) == ("half_up", "900/31", "activation", "4.1")


def test_a_stop_undone_within_a_billed_period_charges_only_the_days_that_were_credited() -> None:
    spec = given(open_account(), bill("2026-04"), stop("2026-04-11"))
    assert planned(spec.when(resume("2026-04-11")).events())[0] == (
        "2026-04-11",
        "2026-04-30",
        "2026-04-11",
        "200.00",
    )
