"""One cell: read as its column says, or refused with what was expected."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from vigencia.imports.values import Column, Wrong, read_cell

MONEY = Column("valor", "money", minimum=Decimal("0.01"), maximum=Decimal("1000.00"))
COMMA = Column("valor", "money", decimal=",")
US = Column("dia", "date", formats=("%m/%d/%Y",))
BR = Column("dia", "datetime", formats=("%d-%m-%Y %H:%M",))


@pytest.mark.parametrize(
    ("column", "cell", "amount"),
    [
        (MONEY, "29.85", "29.85"),
        (MONEY, " 94 ", "94.00"),
        (MONEY, 29.849999999999998, "29.85"),
        (MONEY, 94, "94.00"),
        (MONEY, "1,000.00", "1000.00"),
        (COMMA, "1.234.567,89", "1234567.89"),
        (COMMA, "R$ 1.234,5", "1234.50"),
        (COMMA, "29,85", "29.85"),
        (COMMA, 29.85, "29.85"),
        (COMMA, "-3,10", "-3.10"),
    ],
)
def test_money_is_exact_with_two_decimals(column, cell, amount):
    assert read_cell(column, cell) == Decimal(amount)
    assert str(read_cell(column, cell)) == amount


@pytest.mark.parametrize(
    "cell", ["abc", "1e3", "NaN", "inf", "29,85", "10.5.1", "29.855", "1 000", "--1", "٣", "1_0", "1,00,0.00"]
)
def test_what_is_no_money_is_refused_not_rounded_or_guessed(cell):
    with pytest.raises(Wrong) as raised:
        read_cell(MONEY, cell)
    assert raised.value.code == "not-money"
    assert raised.value.params["value"] == cell


@pytest.mark.parametrize("cell", ["-29.85", "0", "0.00", "1000.01", "99999999999999999999"])
def test_negative_and_absurd_amounts_are_out_of_range(cell):
    with pytest.raises(Wrong) as raised:
        read_cell(MONEY, cell)
    assert raised.value.code == "out-of-range"
    assert raised.value.params["expected"].words("pt-BR") == "entre 0.01 e 1000.00"


def test_the_mapping_says_which_number_is_the_month():
    assert read_cell(US, "1/2/2013") == date(2013, 1, 2)
    # Midnight-free local time of São Paulo, three hours behind UTC in February 2016 (two in summer time's end).
    assert read_cell(BR, "01-03-2016 09:36") == datetime(2016, 3, 1, 12, 36, tzinfo=UTC)


@pytest.mark.parametrize("cell", ["13/25/2013", "2/30/2013", "25-12-2013", "yesterday", "1/2/13", 41276])
def test_what_is_no_date_in_the_mapping_s_form_is_refused(cell):
    with pytest.raises(Wrong) as raised:
        read_cell(US, cell)
    assert raised.value.code == "not-date"
    assert raised.value.params["expected"].words("en") == "a date in the form MM/DD/YYYY"


def test_iso_dates_and_a_sheet_s_own_dates_are_always_read():
    assert read_cell(US, "2013-01-31") == date(2013, 1, 31)
    assert read_cell(US, "2013-01-31 00:00:00") == date(2013, 1, 31)
    assert read_cell(US, datetime(2013, 1, 31)) == date(2013, 1, 31)
    assert read_cell(US, date(2013, 1, 31)) == date(2013, 1, 31)


def test_a_date_beyond_its_limits_is_refused():
    with pytest.raises(Wrong) as raised:
        read_cell(Column("dia", "date", formats=("%m/%d/%Y",), minimum=date(2000, 1, 1)), "1/2/0213")
    assert raised.value.code == "out-of-range"


@pytest.mark.parametrize("cell", ["", "  ", "?", " ? "])
def test_blank_cells_and_what_the_mapping_calls_empty_are_no_value(cell):
    assert read_cell(Column("x", "money", empty=("?",)), cell) is None
    with pytest.raises(Wrong) as raised:
        read_cell(Column("x", "money", empty=("?",), required=True), cell)
    assert raised.value.code == "required"


def test_a_choice_knows_its_values_and_names_them_when_it_does_not():
    column = Column("ciclo", "choice", values={"Monthly": 1, "Yearly": 12})
    assert read_cell(column, "monthly ") == 1
    with pytest.raises(Wrong) as raised:
        read_cell(column, "Weekly")
    assert (raised.value.code, raised.value.params["expected"]) == ("unknown-value", "Monthly, Yearly")


def test_leading_zeros_that_a_spreadsheet_took_away_come_back():
    assert read_cell(Column("nota", width=10), "611365") == "0000611365"
    assert read_cell(Column("nota", width=10), 611365) == "0000611365"
    assert read_cell(Column("nota", width=10), "AB-1") == "AB-1"


def test_whole_numbers_only():
    assert [read_cell(Column("n", "integer"), cell) for cell in ("12", "-3", 4.0, "5.0")] == [12, -3, 4, 5]
    for cell in ("1.5", "x", "", "9" * 30):
        with pytest.raises(Wrong):
            read_cell(Column("n", "integer", required=True), cell)
