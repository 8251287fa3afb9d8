"""The story's other side: what the files say, on small files whose answers are known by hand."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from vigencia import expected

DATA = Path(__file__).parents[1] / "data"


def test_contracts_and_their_monthly_sum():
    assert expected.contracts(DATA / "telco.csv") == expected.Contracts(5, Decimal("306.15"))


def test_who_paid_late_by_how_many_days_and_what_was_open():
    told = expected.receivables(DATA / "ibm-ar.csv")
    assert (told.count, told.customers, told.total, told.disputed) == (4, 2, Decimal("231.74"), 1)
    assert told.days_late == {"0000000102": 6, "0000000104": 11}
    assert told.open_on[date(2013, 9, 13)] == Decimal("0.00")
    assert told.open_on[date(2013, 2, 1)] == Decimal("117.68")


def test_which_requests_waited_and_were_reopened():
    assert expected.requests(DATA / "incident-log.csv") == expected.Requests(3, 1, 1, 3, 2)
