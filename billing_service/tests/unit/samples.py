"""One event of each kind, as the rules decide them: a life in which all of them happen."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from billing_service.domain import billing_run as r
from billing_service.domain import commands as c
from billing_service.domain import more_commands as m
from billing_service.domain import taxes as t
from billing_service.domain.account import DECIDER
from billing_service.domain.ids import added_charge_id
from billing_service.domain.prolonging import ChangeReceivableDueDay
from billing_service.domain.terms import DunningStep
from billing_service.domain.withholding import Rate
from billing_service.tests.unit.given import ACCOUNT, bill, day, line, noon, open_account, pay, terms
from billing_service.tests.unit.samples_bank import bank_life


def life() -> list[Any]:
    """All events of an account in which everything happens at least once."""
    opening = open_account(line("100.00", anchor_day=10), dunning=(DunningStep(1, 5),), ends_on="2026-12-31")
    steps: list[Any] = [
        opening,
        c.AddCharge(ACCOUNT, "work", "W1", Decimal("2.5"), day("2026-01-20"), "Troca de peça", Decimal("33.333")),
        bill("2026-01"),
        "overdue",
        "remind",
        c.CheckDefault(ACCOUNT, day("2026-02-10")),
        "accrue",
        pay("150.00", "2026-02-12"),
        pay("200.00", "2026-02-15", "P2"),
        c.ReversePayment(ACCOUNT, "P1", "devolvido pelo banco", day("2026-02-20")),
        "dispute",
        "resolve",
        c.HoldCharge(ACCOUNT, "em negociação", "L1", day("2026-04-10"), on=day("2026-02-26")),
        c.MoveCharge(ACCOUNT, day("2026-04-20"), "férias do cliente", "L1", day("2026-04-10"), on=day("2026-02-26")),
        c.ChangeChargeDueDay(ACCOUNT, day("2026-05-20"), "a pedido", "L1", day("2026-04-10"), on=day("2026-02-26")),
        c.ReleaseCharge(ACCOUNT, "combinado", "L1", day("2026-04-10"), on=day("2026-02-27")),
        bill("2026-03"),
        c.TakeTerms(ACCOUNT, day("2026-03-20"), terms(line("120.00", anchor_day=10)), "addendum 1", noon("2026-03-18")),
        c.StopPlanning(ACCOUNT, day("2026-04-01"), "suspension", noon("2026-04-01")),
        c.ResumePlanning(ACCOUNT, day("2026-04-05"), noon("2026-04-05")),
        pay("500.00", "2026-04-06", "P3"),
        bill("2026-05"),
        bill("2026-08"),
        "nfse",
        "write off",
        bill("2026-10"),
        "cancel",
        bill("2026-11"),
        "postpone",
        "renegotiate",
        c.ImportReceivable(ACCOUNT, "INV-1", "0001", day("2013-01-02"), day("2013-02-01"), Decimal("55.94"), True),
        *_more(),
    ]
    history: list[Any] = []
    for step in steps:
        state = DECIDER.fold(history)
        history += DECIDER.decide(_about(step, state) if isinstance(step, str) else step, state)
    return history


def _more() -> list[Any]:
    """Work that is contested and accepted, corrected and withdrawn; credit that is granted and paid back."""
    work = added_charge_id(ACCOUNT, "work", "W9")
    return [
        c.AddCharge(ACCOUNT, "work", "W9", Decimal(2), day("2026-11-21"), "Visita", Decimal("80.00"), request_id="R-9"),
        m.ContestWork(ACCOUNT, "R-9", "contested", day("2026-11-22")),
        m.AcceptWork(ACCOUNT, "R-9", day("2026-11-23")),
        m.CorrectUse(ACCOUNT, work, Decimal(1), "uma hora só", day("2026-11-24")),
        m.WithdrawCharge(ACCOUNT, work, "lançada em dobro", day("2026-11-25")),
        m.GrantCredit(ACCOUNT, "G1", Decimal("5000.00"), "cortesia", day("2026-11-26")),
        m.RefundCredit(ACCOUNT, "F1", "a pedido", Decimal("10.00"), "pix", day("2026-11-27")),
    ]


def _about(step: str, state: Any) -> Any:
    """A command about the first receivable, or the last one for a loss."""
    ids = list(state.receivables)
    match step:
        case "overdue":
            return c.MarkOverdue(ACCOUNT, ids[0], day("2026-01-20"))
        case "remind":
            return c.SendReminder(ACCOUNT, ids[0], 1, day("2026-01-20"))
        case "accrue":
            return c.AccrueLateCharges(ACCOUNT, ids[0], day("2026-02-11"))
        case "nfse":
            return c.NoteNfse(ACCOUNT, ids[0], "2026/123", "https://nfse.example/123", "AB12-CD34", day("2026-02-01"))
        case "dispute":
            lines = tuple(key for key, billed in state.billed.items() if billed.receivable_id == ids[0])[-1:]
            return c.DisputeReceivable(ACCOUNT, ids[0], "não reconhece as horas", day("2026-02-21"), charge_ids=lines)
        case "cancel":
            return c.CancelReceivable(ACCOUNT, ids[-1], "dados do tomador", on=day("2026-10-02"))
        case "renegotiate":
            agreed = {"count": 3, "first_due_on": day("2026-12-10"), "on": day("2026-11-20")}
            return c.RenegotiateReceivables(ACCOUNT, "R1", (ids[-1],), "acordo por telefone", **agreed)
        case "postpone":
            return ChangeReceivableDueDay(ACCOUNT, ids[-1], day("2026-12-10"), "a pedido", on=day("2026-11-18"))
        case "resolve":
            return c.ResolveDispute(ACCOUNT, ids[0], "horas confirmadas", on=day("2026-02-25"))
        case _:
            return c.WriteOffReceivable(ACCOUNT, ids[-1], "insolvência", day("2026-10-01"))


def one_of_each() -> dict[str, Any]:
    """Event type → the first event of that type in the life."""
    found: dict[str, Any] = {}
    for event in (*life(), *taxes_life(), *run_life(), *bank_life()):
        found.setdefault(type(event).EVENT_TYPE, event)
    return found


RATES = (
    Rate("ISS", Decimal("5"), day("2026-01-01"), service_type_id="s1", law="LC 116/2003, art. 6"),
    Rate("IRRF", Decimal("1.5"), day("2020-01-01"), minimum=Decimal("10.00"), law="RIR/2018, art. 714"),
    Rate(
        "PIS/COFINS/CSLL", Decimal("4.65"), day("2020-01-01"), minimum=Decimal("10.00"), law="Lei 10.833/2003, art. 30"
    ),
    Rate("INSS", Decimal("11"), day("2020-01-01"), service_type_id="s2", base_percent=Decimal("50")),
)


def taxes_life() -> list[Any]:
    """What happens to the settings of taxes."""
    load = t.LoadWithholdingRates(RATES, "contabilidade, 2026")
    customer = t.SetCustomerWithholding("customer-1", day("2026-01-01"), ("ISS", "IRRF"), ("s1",))
    return [event for command in (load, customer) for event in t.DECIDER.decide(command, t.Taxes())]


def run_life() -> list[Any]:
    """A billing run that waits, ends with a failure, and is resumed."""
    tally = r.Tally(receivables=1, nothing=1, total=Decimal("300.00"), failures=(r.Failure("contract-2", "no rate"),))
    steps = (
        r.StartRun("run-1", "2026-01", tags=("sul",), account_ids=("contract-1", "contract-2", "contract-3")),
        r.CheckRun("run-1", tally=r.Tally(waiting=2)),
        r.CheckRun("run-1", tally=tally),
        r.ResumeRun("run-1", tally=tally),
    )
    history: list[Any] = []
    for step in steps:
        history += r.DECIDER.decide(step, r.DECIDER.fold(history))
    return history
