"""A small company's former system: twenty-one contracts, twelve open receivables and two credits, as files of our own columns.

All days follow from a given today; what must come of them is reckoned here by itself, from the definitions.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

CENT = Decimal("0.01")


def brazilian(amount: Decimal) -> str:
    return f"{amount:,.2f}".replace(",", "·").replace(".", ",").replace("·", ".")


def said(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


@dataclass(frozen=True)
class Debt:
    contract: str
    number: str
    due_on: date
    amount: Decimal
    withheld: Decimal
    left: Decimal

    def late(self, on: date) -> Decimal:
        """2 % and 1 % a month of what is left, by days from its due day, each half-up to cents."""
        days = (on - self.due_on).days
        if days <= 0:
            return Decimal("0.00")
        fine = (self.left * 2 / 100).quantize(CENT, ROUND_HALF_UP)
        interest = (self.left * days / 3000).quantize(CENT, ROUND_HALF_UP)
        return fine + interest


@dataclass(frozen=True)
class Former:
    today: date

    @property
    def end(self) -> date:
        """The last day of this month: most contracts are billed through it."""
        return month_end(self.today)

    @property
    def next_month(self) -> date:
        return self.end + timedelta(days=1)

    # -- contracts ---------------------------------------------------------------------------------------------------

    def contract_rows(self) -> Iterator[tuple[str, ...]]:
        """C01 to C16: monthly in advance, 101 to 116; C02 is suspended for default there. C17: in arrears. C18: billed through
        today only. C19: monthly and yearly, the yearly line billed further. C20: begins with the next month, nothing was
        billed; with a discount, a line that is charged once and one per use. C21: suspended there."""
        long_ago = self.next_month.replace(year=self.next_month.year - 2)
        since = said(self.today - timedelta(days=20))
        for n in range(1, 17):
            more = (since, "inadimplência", *[""] * 5) if n == 2 else ("",) * 7
            yield self._row(n, long_ago, self.end, Decimal(100 + n), more=more)
        yield self._row(17, long_ago, self.end, Decimal(170), mode="vencida")
        yield self._row(18, long_ago, self.today, Decimal(310))
        yield self._row(19, long_ago, self.end, Decimal(190))
        ahead = month_end(self.next_month.replace(day=28) + timedelta(days=80))
        yield self._row(19, long_ago, None, Decimal(1200), clause="2", rule="anual", further=ahead)
        yield self._row(20, self.next_month, None, Decimal("200.50"), more=("", "", "", "", "10,00", "", ""))
        once = said(self.next_month)
        yield self._row(
            20,
            self.next_month,
            None,
            Decimal(55),
            clause="2",
            rule="",
            mode="",
            more=("", "", "única", once, "", "", ""),
        )
        use = ("", "", "por uso", "", "", "MAN", "2")
        yield self._row(20, self.next_month, None, Decimal(80), clause="3", rule="", mode="", more=use)
        yield self._row(21, long_ago, self.end, Decimal(210), more=(since, *[""] * 6))

    def _row(
        self, n: int, starts: date, through: date | None, amount: Decimal, *, mode: str = "antecipada", clause: str = "1",
        rule: str = "mensal", further: date | None = None, more: tuple[str, ...] = ("",) * 7,
    ) -> tuple[str, ...]:  # fmt: skip
        customer = min(n, 12)  # the last ten contracts are one customer's
        return (
            f"2024/{n:03}", f"K{customer}", f"Cliente {customer}", "PF", "", said(starts), said(through), "30", clause,
            f"Item {clause}", brazilian(amount), rule, mode, said(further), *more,
        )  # fmt: skip

    @property
    def issued_this_month(self) -> Decimal:
        """The rest of C18's month."""
        days = (self.end - self.today).days
        return (Decimal(310) * days / self.end.day).quantize(CENT, ROUND_HALF_UP)

    @property
    def issued_next_month(self) -> Decimal:
        """C01 to C16, C18, C19's monthly line and C20 (a tenth off, and what is charged once); what is in arrears comes a
        month later, what is suspended not at all."""
        c20 = Decimal("200.50") - Decimal("20.05") + 55
        return sum((Decimal(100 + n) for n in range(1, 17)), Decimal("0.00")) + 310 + 190 + c20

    # -- receivables and credits -------------------------------------------------------------------------------------

    def debts(self) -> list[Debt]:
        """R01 and R02: late for 40 days, one paid in part. R03: late for 10 days, with a withholding. The others: due
        later, each third of them paid in part."""
        late, later = self.today - timedelta(days=40), self.today + timedelta(days=15)
        zero = Decimal("0.00")
        found = [
            Debt("2024/001", "R01", late, Decimal("101.00"), zero, Decimal("101.00")),
            Debt("2024/002", "R02", late, Decimal("102.00"), zero, Decimal("52.00")),
            Debt(
                "2024/003",
                "R03",
                self.today - timedelta(days=10),
                Decimal("1000.00"),
                Decimal("61.50"),
                Decimal("938.50"),
            ),
        ]
        for n in range(4, 13):
            amount = Decimal(100 + n)
            left = amount / 2 if n % 3 == 0 else amount
            found.append(Debt(f"2024/{n:03}", f"R{n:02}", later, amount, zero, left))
        return found

    @property
    def left(self) -> Decimal:
        return sum((debt.left for debt in self.debts()), Decimal("0.00"))

    def write(self, folder: Path) -> tuple[Path, Path, Path]:
        contracts = (
            "Contrato;Código do cliente;Cliente;Pessoa;CPF/CNPJ;Início;Faturado até;Inadimplência em dias;Cláusula;Descrição;"
            "Valor;Periodicidade;Cobrança;Item faturado até;"
            "Suspenso desde;Motivo da suspensão;Tipo;Início do item;Desconto %;Serviço;Incluído por mês"
        )
        receivables = "Contrato;Título;Emissão;Vencimento;Valor original;Retido;Saldo;Descrição"
        owed = [
            (
                debt.contract, debt.number, said(debt.due_on - timedelta(days=10)), said(debt.due_on), brazilian(debt.amount),
                brazilian(debt.withheld), brazilian(debt.left), "Mensalidade",
            )
            for debt in self.debts()
        ]  # fmt: skip
        credits = [("2024/015", "A1", "60,00", "Pago a maior"), ("2024/016", "A2", "500,00", "Adiantamento")]
        files = (
            ("contratos.csv", contracts, list(self.contract_rows())),
            ("titulos.csv", receivables, owed),
            ("adiantamentos.csv", "Contrato;Documento;Valor;Descrição", credits),
        )
        for name, header, rows in files:
            (folder / name).write_text("\n".join([header, *(";".join(row) for row in rows)]) + "\n", "utf-8")
        return folder / files[0][0], folder / files[1][0], folder / files[2][0]
