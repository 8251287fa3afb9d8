"""Taxes withheld at source: by dated rates with minimum amounts, per customer and service type; net settles."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from billing_service.domain import commands as c
from billing_service.domain import taxes as t
from billing_service.domain.explain import withheld
from billing_service.domain.withholding import Rate, Withholder, withholder_on, withholdings
from billing_service.tests.unit.given import ACCOUNT, amount, bill, day, given, issued, kinds, line, open_account, pay
from billing_service.tests.unit.samples import RATES
from services.codec import to_json_values
from services.testing.decider import DeciderSpec

ALL = Withholder(day("2026-01-01"), ("ISS", "IRRF", "PIS/COFINS/CSLL", "INSS"))
ON = day("2026-03-01")


def taxed(*items: tuple[str | None, str], who: Withholder = ALL, rates: Any = RATES) -> dict[str, str]:
    found = withholdings([(service, Decimal(value)) for service, value in items], rates, who, ON)
    return {each.tax: str(each.amount) for each in found}


def billed(month: str = "2026-01", who: tuple[Withholder, ...] = (ALL,)) -> c.BillMonth:
    return replace(bill(month), withholders=who, rates=RATES)


def contract(price: str = "1000.00") -> c.OpenAccount:
    return open_account(line(price, service_type_id="s1"))


def test_each_tax_is_reckoned_on_the_lines_to_which_its_rate_applies() -> None:
    assert taxed(("s1", "1000.00"), ("s2", "500.00")) == {
        "ISS": "50.00",
        "IRRF": "22.50",
        "PIS/COFINS/CSLL": "69.75",
        "INSS": "27.50",
    }


def test_a_tax_of_its_minimum_or_less_is_not_withheld_and_says_so() -> None:
    """1.5 % of 666.67 are 10.00: dispensed; of 667.00 they are 10.01 (half-up): withheld."""
    assert taxed((None, "666.67"))["IRRF"] == "0.00"
    assert taxed((None, "667.00"))["IRRF"] == "10.01"


def test_the_minimum_counts_for_the_whole_receivable_not_for_each_line() -> None:
    assert taxed((None, "400.00"), (None, "400.00"))["IRRF"] == "12.00"


def test_a_service_s_own_rate_goes_before_the_general_one_and_the_latest_before_older_ones() -> None:
    rates = (
        Rate("ISS", Decimal("5"), day("2020-01-01")),
        Rate("ISS", Decimal("2"), day("2020-01-01"), service_type_id="s1"),
        Rate("ISS", Decimal("3"), day("2026-01-01"), service_type_id="s1"),
        Rate("ISS", Decimal("4"), day("2026-04-01"), service_type_id="s1"),
    )
    assert taxed(("s1", "100.00"), who=ALL, rates=rates) == {"ISS": "3.00"}
    assert taxed(("s2", "100.00"), who=ALL, rates=rates) == {"ISS": "5.00"}
    ended = (Rate("ISS", Decimal("5"), day("2020-01-01"), day("2026-02-28")),)
    assert taxed(("s1", "100.00"), rates=ended) == {}


def test_who_withholds_what_holds_from_its_day_and_for_the_services_that_are_named() -> None:
    later = Withholder(day("2026-04-01"), ("ISS",))
    assert withholder_on((ALL, later), ON) == ALL
    assert withholder_on((later,), ON) is None
    only = Withholder(day("2026-01-01"), ("IRRF",), ("s1",))
    assert taxed(("s1", "1000.00"), ("s9", "5000.00"), who=only) == {"IRRF": "15.00"}


def test_a_receivable_says_gross_withheld_and_net_and_the_net_settles_it() -> None:
    opened = given(contract())
    found = issued(opened.when(billed()).events())
    assert (found.gross, found.withheld, found.net) == (amount("1000.00"), amount("111.50"), amount("888.50"))
    paid = opened.when(billed(), pay("888.50", "2026-01-10"))
    assert kinds(paid.events()) == ["PaymentReceived", "ReceivableSettled"]
    assert paid.state().balance == 0


def test_who_withholds_nothing_owes_the_gross() -> None:
    assert issued(given(contract()).when(bill("2026-01")).events()).net == amount("1000.00")
    nothing = Withholder(day("2026-01-01"))
    assert issued(given(contract()).when(billed(who=(nothing,))).events()).withheld == 0


def test_a_credit_gives_back_net_and_all_credits_together_just_what_was_withheld() -> None:
    opened = given(contract(), billed())
    (id_,) = opened.state().receivables
    parts = ("333.33", "333.33", "333.34")
    notes = [
        c.IssueCreditNote(ACCOUNT, f"N{n}", id_, amount(part), "erro", on=day("2026-01-20"))
        for n, part in enumerate(parts)
    ]
    state = opened.when(*notes).state()
    assert (state.receivables[id_].balance, state.receivables[id_].withheld_back) == (0, amount("111.50"))
    assert state.credit == 0
    one_more = c.IssueCreditNote(ACCOUNT, "N9", id_, amount("0.01"), "erro", on=day("2026-01-20"))
    opened.when(*notes, one_more).then_refused("credit.exceeds-receivable")


def test_a_paid_receivable_that_is_credited_leaves_the_net_as_credit() -> None:
    opened = given(contract(), billed(), pay("888.50", "2026-01-10"))
    (id_,) = opened.state().receivables
    credited = opened.when(c.IssueCreditNote(ACCOUNT, "N1", id_, amount("500.00"), "erro", on=day("2026-01-20")))
    assert credited.state().credit == amount("444.25")


def test_why_a_tax_is_withheld_or_not_is_said_in_both_languages() -> None:
    irrf, inss = withholdings([("s2", Decimal("500.00"))], RATES, Withholder(ON, ("IRRF", "INSS")), ON)
    assert withheld(to_json_values(irrf)) == {
        "pt-BR": "IRRF: 1,5% de R$ 500,00 = R$ 7,50; até R$ 10,00 não se retém (RIR/2018, art. 714).",
        "en": "IRRF: 1.5% of R$ 500.00 = R$ 7.50; up to R$ 10.00 nothing is withheld (RIR/2018, art. 714).",
    }
    assert withheld(to_json_values(inss))["pt-BR"] == (
        "INSS: 11% de 50% de R$ 500,00 = R$ 27,50, retido na fonte pelo cliente."
    )


def test_the_table_and_the_customers_are_kept_and_said_again_change_nothing() -> None:
    spec, load = DeciderSpec(t.DECIDER), t.LoadWithholdingRates(RATES, "x")
    spec.when(load).then(t.WithholdingRatesLoaded(RATES, "x"))
    spec.when(load, load).then_nothing()
    customer = t.SetCustomerWithholding("k1", ON, ("ISS",))
    spec.when(customer).then(t.CustomerWithholdingSet("k1", ON, ("ISS",), ()))
    spec.when(customer, customer).then_nothing()
    spec.when(t.SetCustomerWithholding("k1", ON, ("IOF",))).then_refused("withholding.tax-unknown", tax="IOF")
    wrong = replace(RATES[0], percent=Decimal("101"))
    spec.when(t.LoadWithholdingRates((wrong,))).then_refused("withholding.rate-invalid")


def test_the_nfse_is_noted_and_noted_again_changes_nothing() -> None:
    opened = given(contract(), bill("2026-01"))
    (id_,) = opened.state().receivables
    note = c.NoteNfse(ACCOUNT, id_, "123", "https://nfse.example/123", on=day("2026-01-02"))
    assert kinds(opened.when(note).events()) == ["NfseNoted"]
    opened.when(note, note).then_nothing()
