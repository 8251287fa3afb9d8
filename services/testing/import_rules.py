"""Two rules for import-linter that its own contract types cannot say: lists of what is allowed.

``PurityContract``  modules matching ``modules`` import only the standard library (less ``forbidden_stdlib``), modules
                    of the same domain, and what ``allowed`` names.
``RimContract``     ``libraries`` are imported by modules matching ``allowed_importers`` alone.

Patterns: ``*`` is one part of a dotted name, ``**`` any number of parts.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import Any

from importlinter import Contract, ContractCheck, fields, output


def _matcher(patterns: Iterable[str]) -> re.Pattern[str]:
    expressions = [
        r"\.".join(
            r"[^.]+(\.[^.]+)*" if p == "**" else re.escape(p).replace(r"\*", "[^.]*") for p in pattern.split(".")
        )
        for pattern in patterns
    ]
    return re.compile("|".join(f"(?:{expression})" for expression in expressions))


def _within(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


class _ImportsContract(Contract):
    """Finds single imports that break a rule, and prints each with its line."""

    def violations(self, graph: Any) -> Iterable[tuple[str, str]]:
        raise NotImplementedError

    def check(self, graph: Any, verbose: bool) -> ContractCheck:
        broken = [
            f"{importer} imports {imported} (line {detail['line_number']}): {detail['line_contents']}"
            for importer, imported in sorted(self.violations(graph))
            for detail in graph.get_import_details(importer=importer, imported=imported)[:1]
        ]
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["broken"]:
            output.print_error(line, bold=False)


class PurityContract(_ImportsContract):
    """``modules`` import nothing but what is harmless; anything not on the list is a violation."""

    type_name = "purity"
    modules = fields.ListField(subfield=fields.StringField())
    allowed = fields.ListField(subfield=fields.StringField())
    forbidden_stdlib = fields.ListField(subfield=fields.StringField(), required=False, default=[])

    def violations(self, graph: Any) -> Iterable[tuple[str, str]]:
        pure = _matcher(str(pattern) for pattern in self.modules)  # type: ignore[attr-defined]
        forbidden = set(self.forbidden_stdlib)  # type: ignore[call-overload]
        for module in sorted(graph.modules):
            if not pure.fullmatch(module):
                continue
            domain = re.match(r".*?\.domain(?=\.|$)", module)
            for imported in graph.find_modules_directly_imported_by(module):
                top = imported.split(".")[0]
                harmless = (
                    (top in sys.stdlib_module_names and top not in forbidden)
                    or any(_within(imported, str(name)) for name in self.allowed)  # type: ignore[attr-defined]
                    or (domain is not None and _within(imported, domain.group()))
                )
                if not harmless:
                    yield module, imported


class RimContract(_ImportsContract):
    """``libraries`` stay at the rim."""

    type_name = "rim"
    libraries = fields.ListField(subfield=fields.StringField())
    allowed_importers = fields.ListField(subfield=fields.StringField())

    def violations(self, graph: Any) -> Iterable[tuple[str, str]]:
        rim = _matcher(str(pattern) for pattern in self.allowed_importers)  # type: ignore[attr-defined]
        libraries = {str(name) for name in self.libraries}  # type: ignore[attr-defined]
        for library in sorted(graph.modules):
            if library.split(".")[0] not in libraries:
                continue
            for importer in graph.find_modules_that_directly_import(library):
                if not rim.fullmatch(importer):
                    yield importer, library
