"""Banks' files: numbers and days as Brazilians write them, OFX of both kinds, and rows that are known again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from billing_service.domain.bank_csv import Mapped, read_csv
from billing_service.domain.bank_file import brazilian, brazilian_day, decoded, document_in, kind_of, txid_in
from billing_service.domain.bank_ofx import read_ofx
from billing_service.tests.unit.given import day
from services.errors import Refused

SGML = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
ENCODING:USASCII
CHARSET:1252

<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>BRL
<BANKACCTFROM><BANKID>0341<BRANCHID>0057<ACCTID>123457<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20260101100000[-03:EST]<DTEND>20260131
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20260109100000[-03:EST]<TRNAMT>1.300,50<FITID>20260109001
<MEMO>PIX JOSE &amp; CIA 11.222.333/0001-81
</STMTTRN>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260110<TRNAMT>-12.00<FITID>20260109001<CHECKNUM>1<MEMO>TARIFA
</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""
XML = """<?xml version="1.0" encoding="UTF-8"?><?OFX OFXHEADER="200" VERSION="220"?>
<OFX><STMTRS><BANKACCTFROM><BANKID>341</BANKID><ACCTID>123457</ACCTID></BANKACCTFROM><BANKTRANLIST>
<STMTTRN><TRNTYPE>CREDIT</TRNTYPE><DTPOSTED>20260109120000</DTPOSTED><TRNAMT>300.00</TRNAMT>
<FITID>A1</FITID><NAME>JOSE DA SILVA</NAME><MEMO>TED</MEMO></STMTTRN></BANKTRANLIST></STMTRS></OFX>
"""


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.234,56", "1234.56"),
        ("R$ 1.234,56", "1234.56"),
        ("-1.234,56", "-1234.56"),
        ("1.234,56-", "-1234.56"),
        ("1.234,56 D", "-1234.56"),
        ("1.234,56 C", "1234.56"),
        ("(12,00)", "-12.00"),
        ("- R$ 0,05", "-0.05"),
        ("1.234", "1234.00"),
        ("12,5", "12.50"),
        (",99", "0.99"),
    ],
)
def test_amounts_as_brazilians_write_them(text: str, amount: str) -> None:
    assert brazilian(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "abc", "1,234.56", "12,345", "R$"])
def test_what_is_no_brazilian_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        brazilian(text)


@forall(st.decimals(Decimal("-99999999.99"), Decimal("99999999.99"), places=2))
def test_an_amount_is_read_as_it_was_written(amount: Decimal) -> None:
    text = f"{amount:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
    assert brazilian(text) == amount


@pytest.mark.parametrize("text", ["31/12/2026", "31-12-26", "2026-12-31", "31.12.2026", "31122026"])
def test_days_as_brazilians_write_them(text: str) -> None:
    assert brazilian_day(text) == day("2026-12-31")


def test_documents_and_txids_are_found_in_free_text() -> None:
    assert document_in("TED 11.222.333/0001-81 PADARIA") == "11222333000181"
    assert document_in("CNPJ 12.ABC.345/01DE-35") == "12ABC34501DE35"  # alphanumeric since July 2026
    assert document_in("PIX 529.982.247-25") == "52998224725"
    assert document_in("DEPOSITO EM DINHEIRO") == ""
    assert txid_in("PIX a1b2c3d4e5f6a7b8c9d0e1f2a OK") == "a1b2c3d4e5f6a7b8c9d0e1f2a"
    assert txid_in("TRANSFERENCIAENTRECONTASS") is None


def test_ofx_1_without_closing_tags_with_a_comma_and_a_repeated_fitid() -> None:
    first, second = read_ofx(SGML).rows
    assert (first.on, first.amount, first.bank_account) == (day("2026-01-09"), Decimal("1300.50"), "0341/0057/123457")
    assert (first.method, first.payer_document, first.description[:12]) == ("pix", "11222333000181", "PIX JOSE & C")
    assert (second.on, second.amount) == (day("2026-01-10"), Decimal("-12.00"))
    assert first.row_id != second.row_id


def test_ofx_2_is_read_like_ofx_1() -> None:
    (row,) = read_ofx(XML).rows
    assert (row.amount, row.payer_name, row.description) == (Decimal("300.00"), "JOSE DA SILVA", "JOSE DA SILVA TED")


def test_the_same_row_has_the_same_id_whatever_stands_around_it() -> None:
    (alone,) = read_csv("Data;Histórico;Valor\n09/01/2026;TED;10,00", Mapped()).rows
    rows = read_csv("Saldo\n\nValor,Data,Histórico\n7,08/01/2026,X\n10,09/01/2026, TED ", Mapped()).rows
    assert alone.row_id == rows[1].row_id
    again = read_ofx(SGML.replace("<DTSTART>20260101", "<DTSTART>20251201")).rows
    assert [row.row_id for row in again] == [row.row_id for row in read_ofx(SGML).rows]


def test_csv_with_columns_for_credit_and_debit_and_a_mapping() -> None:
    text = "Dia;Texto;Entrada;Saída;Quem\n09/01/26;PIX;10,00;;José\n10/01/26;Tarifa;;2,00;\n;Saldo;8,00;;"
    reading = read_csv(text, Mapped(columns={"on": "Dia", "description": "Texto", "payer_name": "Quem"}))
    assert [(row.amount, row.payer_name) for row in reading.rows] == [(Decimal(10), "José"), (Decimal(-2), "")]


def test_a_row_that_cannot_be_read_is_named_and_the_others_go_on() -> None:
    reading = read_csv("Data;Valor\n09/01/2026;10,00\n40/01/2026;5,00\n10/01/2026;x", Mapped())
    assert len(reading.rows) == 1
    assert [problem.line for problem in reading.problems] == [3, 4]


def test_a_file_without_the_columns_is_refused() -> None:
    with pytest.raises(Refused, match="columns-missing"):
        read_csv("a;b\n1;2", Mapped())
    with pytest.raises(Refused, match="columns-missing"):
        read_csv("Data;Valor\n09/01/2026;1,00", Mapped(columns={"txid": "Chave"}))


def test_a_file_is_recognised_and_decoded() -> None:
    assert (kind_of(SGML), kind_of(XML), kind_of("Data;Valor")) == ("ofx", "ofx", "csv")
    assert decoded("Histórico".encode("cp1252")) == decoded("Histórico".encode()) == "Histórico"
