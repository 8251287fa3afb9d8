"""Boleto: bar code and typeable line («linha digitável») of Itaú (341), and the due factor with its rollover.

Sources: FEBRABAN, «Layout padrão de arrecadação/recebimento»; Itaú, «Cobrança: manual técnico». The free field of the
bar code is the bank's own; everything else is the same for all banks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from services.errors import Refused

BANK = "341"
BASE = date(1997, 10, 7)
CYCLE = 9000  # factors run from 1000 to 9999 and begin again: 2025-02-22 is 1000


@dataclass(frozen=True, slots=True)
class BankAccount:
    """The creditor's: agency (4 digits), account without its check digit (5), wallet («carteira», 3)."""

    agency: str
    account: str
    wallet: str = "109"


def due_factor(due_on: date) -> int:
    """Days since 1997-10-07; after 9999 (2025-02-21) it begins again at 1000."""
    days = (due_on - BASE).days
    if days < 1000:
        raise Refused("boleto.due-day-invalid", due_on=due_on)
    return days if days <= 9999 else (days - 1000) % CYCLE + 1000


def due_day(factor: int, near: date) -> date:
    """The day of a factor that is nearest to ``near``: one factor stands for a day in every 9000."""
    first = BASE + timedelta(days=factor)
    cycles = round((near - first).days / CYCLE)
    return first + timedelta(days=CYCLE * max(0, cycles))


def modulo_10(digits: str) -> int:
    """Weights 2, 1, 2 … from the right; the digits of each product are added."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        product = int(digit) * (2 - position % 2)
        total += product // 10 + product % 10
    return -total % 10


def modulo_11(digits: str) -> int:
    """The bar code's check digit: weights 2 to 9 from the right; what would be 0, 10 or 11 is 1."""
    total = sum(int(digit) * (2 + position % 8) for position, digit in enumerate(reversed(digits)))
    check = 11 - total % 11
    return 1 if check in (0, 10, 11) else check


def free_field(bank: BankAccount, our_number: int) -> str:
    """Itaú: wallet, our number, its check digit, agency, account, their check digit, 000."""
    agency, account, wallet = bank.agency.zfill(4), bank.account.zfill(5), bank.wallet.zfill(3)
    number = str(our_number).zfill(8)
    if len(number) > 8 or our_number <= 0 or len(agency) != 4 or len(account) != 5 or len(wallet) != 3:
        raise Refused("boleto.number-invalid", number=our_number)
    check = modulo_10(agency + account + wallet + number)
    return f"{wallet}{number}{check}{agency}{account}{modulo_10(agency + account)}000"


def bar_code(due_on: date, amount: Decimal, free: str, bank: str = BANK) -> str:
    """The 44 digits that the bars say."""
    cents = int(amount * 100)
    if amount <= 0 or cents >= 10**10:
        raise Refused("boleto.amount-invalid", amount=amount)
    rest = f"{due_factor(due_on):04}{cents:010}{free}"
    return f"{bank}9{modulo_11(f'{bank}9{rest}')}{rest}"


def typeable_line(code: str) -> str:
    """The same as people type it: three fields with check digits, the bar code's check digit, factor and amount."""
    free = code[19:]
    fields = (code[:4] + free[:5], free[5:15], free[15:])
    checked = [field + str(modulo_10(field)) for field in fields]
    shown = " ".join(f"{field[:5]}.{field[5:]}" for field in checked)
    return f"{shown} {code[4]} {code[5:19]}"


def read_line(line: str) -> str:
    """The bar code of a typeable line. Raises ``ValueError`` when a check digit is wrong."""
    digits = "".join(character for character in line if character.isdigit())
    if len(digits) != 47:
        raise ValueError("a typeable line has 47 digits")
    fields = (digits[:10], digits[10:21], digits[21:32])
    if any(modulo_10(field[:-1]) != int(field[-1]) for field in fields):
        raise ValueError("a field's check digit is wrong")
    free = fields[0][4:9] + fields[1][:-1] + fields[2][:-1]
    code = digits[:4] + digits[32] + digits[33:] + free
    if modulo_11(code[:4] + code[5:]) != int(code[4]):
        raise ValueError("the bar code's check digit is wrong")
    return code
