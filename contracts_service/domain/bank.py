"""Where a provider company is paid: its account at a bank, and what was agreed there for its boletos."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from services.errors import Refused

ITAU = "341"
_FORMS = {
    "bank_code": re.compile(r"\d{3}", re.ASCII),
    "branch": re.compile(r"\d{1,5}", re.ASCII),
    "account": re.compile(r"\d{1,12}", re.ASCII),
    "account_digit": re.compile(r"[\dX]{1,2}", re.ASCII),
    "wallet": re.compile(r"\w{0,3}", re.ASCII),
    "agreement": re.compile(r"\w{0,20}", re.ASCII),
}
LINES, LENGTH = 4, 80
"""Instructions that a boleto has room for."""

MOST_DAYS = 99


@dataclass(frozen=True, slots=True)
class BankDetails:
    """``branch``, ``account``: digits («agência», «conta»), the account's check digit apart. For boletos: ``wallet``
    («carteira»), ``agreement`` (the beneficiary's code at the bank, «convênio»), ``instructions`` (lines printed for the
    cashier), days after the due day until protest and until the bank takes no payment; ``None``: no protest, no limit."""

    bank_code: str
    branch: str
    account: str
    account_digit: str
    wallet: str = ""
    agreement: str = ""
    instructions: tuple[str, ...] = ()
    protest_days: int | None = None
    expiry_days: int | None = None


def checked(bank: BankDetails) -> BankDetails:
    """The details without spaces and hyphens; refused where a part has not the form that banks use."""
    lines = tuple(line.strip() for line in bank.instructions if line.strip())
    bank = replace(
        bank,
        bank_code=_tidy(bank.bank_code),
        branch=_tidy(bank.branch),
        account=_tidy(bank.account),
        account_digit=_tidy(bank.account_digit),
        wallet=_tidy(bank.wallet),
        agreement=_tidy(bank.agreement),
        instructions=lines,
    )
    for name, form in _FORMS.items():
        if not form.fullmatch(getattr(bank, name)):
            raise Refused("provider.bank-invalid", where=f"bank.{name}", value=getattr(bank, name))
    if bank.bank_code == ITAU and bank.account_digit != modulus_10(bank.branch.zfill(4) + bank.account.zfill(5)):
        raise Refused("provider.account-digit-wrong", branch=bank.branch, account=bank.account)
    if len(lines) > LINES or any(len(line) > LENGTH for line in lines):
        raise Refused("provider.instructions-too-long", lines=LINES, length=LENGTH)
    for days in (bank.protest_days, bank.expiry_days):
        if days is not None and not 1 <= days <= MOST_DAYS:
            raise Refused("provider.boleto-days-out-of-range", most=MOST_DAYS)
    return bank


def modulus_10(digits: str) -> str:
    """Itaú's check digit of branch and account: weights 2, 1, 2 … from the right, the digits of each product added."""
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def _tidy(text: str) -> str:
    return re.sub(r"[\s.-]", "", text).upper()
