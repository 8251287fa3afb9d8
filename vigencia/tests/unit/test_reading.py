"""A file is read whatever its encoding, separator, byte-order mark or kind."""

from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from services.errors import Invalid
from vigencia.imports.reading import find_separator, plain, read_table

COLUMNS = ("código", "nome", "valor")


def written(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "file.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_under_which_the_known_columns_are_found(tmp_path, separator):
    text = separator.join(COLUMNS) + "\n" + separator.join(["1", "São João", "10"]) + "\n"
    table = read_table(written(tmp_path, text), COLUMNS)
    assert table.separator == separator
    assert table.rows[0].cells == ("1", "São João", "10")


def test_a_decimal_comma_does_not_pass_for_a_separator(tmp_path):
    table = read_table(written(tmp_path, "código;nome;valor\n1;A;10,50\n2;B;1,00\n3;C;2,00\n"), COLUMNS)
    assert table.separator == ";"
    assert table.rows[0].cells == ("1", "A", "10,50")


def test_a_separator_inside_quotes_does_not_mislead():
    assert find_separator('código,nome\n1,"a;b;c;d"\n2,"e;f;g;h"\n', ("código", "nome")) == ","


def test_without_known_columns_even_rows_decide():
    assert find_separator("a;b;c\n1,5;2,5;3\n1;2;3\n") == ";"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-16-le"])
def test_the_encoding_is_found(tmp_path, encoding):
    text = "código;nome;valor\n" + "".join(f"{n};Manutenção e inspeção à distância Ltda.;10\n" for n in range(40))
    table = read_table(written(tmp_path, text, encoding), COLUMNS)
    assert table.columns == COLUMNS
    assert table.rows[0].cells[1] == "Manutenção e inspeção à distância Ltda."


def test_columns_are_found_whatever_their_case_accents_and_spaces():
    assert plain("  Código  do\tCLIENTE ") == plain("codigo do cliente")


def test_a_row_has_the_line_where_it_begins_and_blank_lines_are_no_rows(tmp_path):
    table = read_table(written(tmp_path, 'código,nome,valor\r\n1,"a\r\nb",2\r\n\r\n,,\r\n3,c,4\r\n'), COLUMNS)
    assert [(row.number, row.cells[0]) for row in table.rows] == [(2, "1"), (6, "3")]


def test_a_workbook_keeps_dates_and_numbers(tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(list(COLUMNS))
    sheet.append(["0001", datetime(2026, 3, 1), 10.5])
    sheet.append([None, None, None])
    sheet.append(["0002", "x", None])
    path = tmp_path / "file.xlsx"
    book.save(path)
    table = read_table(path, COLUMNS)
    assert table.columns == COLUMNS
    assert [(row.number, row.cells) for row in table.rows] == [
        (2, ("0001", datetime(2026, 3, 1), 10.5)),
        (4, ("0002", "x")),
    ]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n  \n"])
def test_an_empty_file_is_refused(tmp_path, content):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(Invalid) as raised:
        read_table(path)
    assert raised.value.code == "import.file-empty"


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Invalid) as raised:
        read_table(tmp_path / "none.csv")
    assert raised.value.code == "import.file-unreadable"


def test_an_old_workbook_and_a_broken_one_are_refused(tmp_path):
    old, broken = tmp_path / "old.xls", tmp_path / "broken.xlsx"
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest")
    broken.write_bytes(b"PK\x03\x04rest")
    codes = []
    for path in (old, broken):
        with pytest.raises(Invalid) as raised:
            read_table(path)
        codes.append(raised.value.code)
    assert codes == ["import.file-old-workbook", "import.file-broken"]
