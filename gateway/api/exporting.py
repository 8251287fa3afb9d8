"""``@exported``: a list or report as CSV or XLSX instead of JSON, by ``?format=`` or ``Accept``; all pages in one file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from itertools import chain
from typing import Any, Literal, TypeVar, cast

from flask import Response, request, stream_with_context

from gateway.api.problems import language
from gateway.exports.accounting import SHEET as BOOKS
from gateway.exports.files import csv_pieces, xlsx_pieces
from gateway.exports.sheets import SHEETS
from services.errors import Invalid

View = TypeVar("View", bound=Callable[..., Any])
Format = Literal["csv", "xlsx"]
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PIECES = {"csv": csv_pieces, "xlsx": xlsx_pieces}
_TYPES = {"csv": f"{CSV}; charset=utf-8", "xlsx": XLSX}


def exported(view: View) -> View:
    """The operation's sheet says which columns. The first page is made before the answer begins: what is refused is
    answered with a problem document as always."""
    sheet = BOOKS if view.__name__ == "get_accounting" else SHEETS[view.__name__]

    @wraps(view)
    def wrapped(args: dict[str, Any], **place: Any) -> Any:
        wanted = wanted_format()
        if wanted is None:
            return view(args, **place)
        pages = _pages(view, {name: value for name, value in args.items() if name not in ("after", "limit")}, place)
        whole = chain([next(pages)], pages)
        rows = (row for page in whole for row in page.get(sheet.rows, [page]))
        lang = language()
        answer = Response(stream_with_context(_PIECES[wanted](sheet, rows, lang)), content_type=_TYPES[wanted])
        answer.headers["Content-Disposition"] = f'attachment; filename="{sheet.file[lang]}.{wanted}"'
        return answer

    return cast(View, wrapped)


def _pages(view: Callable[..., Any], args: Mapping[str, Any], place: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    after: dict[str, Any] = {}
    while True:
        page = view({**args, **after}, **place)  # a view may take its arguments out of the dict
        yield page
        if not page.get("next"):
            return
        after = {"after": page["next"]}


def wanted_format() -> Format | None:
    """None: JSON. The parameter speaks before the header."""
    given = request.args.get("format")
    if given is not None:
        if given not in ("json", "csv", "xlsx"):
            raise Invalid(problems=[{"path": "format", "code": "value", "message": "json, csv or xlsx"}])
        return None if given == "json" else cast(Format, given)
    best = request.accept_mimetypes.best_match(["application/json", CSV, XLSX], default="application/json")
    return cast("Format | None", {CSV: "csv", XLSX: "xlsx"}.get(best))
