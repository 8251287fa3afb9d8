"""What happens elsewhere and concerns a contract: the account's default and its regularisation.

| when                          | then                                                                              |
|-------------------------------|-----------------------------------------------------------------------------------|
| billing.account.in_default    | the customer is told of the suspension, if the contract's terms say so            |
| (the notice's day comes)      | the contract is suspended (views/deadlines.py)                                    |
| billing.account.regularised   | the notice is withdrawn; a contract that was suspended for default is resumed     |

Imported history moves nothing: an old debt suspends nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contracts_service.domain.contract_commands import (
    NotifySuspension,
    ResumeContract,
    SuspensionReason,
    WithdrawSuspension,
)
from contracts_service.views.contract_tables import contracts
from services.component import Policy
from services.events import Incoming
from services.rows import Rows

DEFAULT = SuspensionReason.DEFAULT


def notify_suspension(event: Incoming, rows: Rows) -> Iterator[Any]:
    contract_id = event.data["contract_id"]
    contract = rows.get(contracts, contract_id=contract_id)
    if contract is not None and contract["status"] == "active" and contract["suspends_on_default"]:
        yield NotifySuspension(contract_id, DEFAULT, event.at)


def end_suspension(event: Incoming, rows: Rows) -> Iterator[Any]:
    contract_id = event.data["contract_id"]
    contract = rows.get(contracts, contract_id=contract_id)
    if contract is None:
        return
    if contract["notice_reason"] == DEFAULT:
        yield WithdrawSuspension(contract_id, event.at, reason=DEFAULT)
    if contract["suspension_reason"] == DEFAULT:
        yield ResumeContract(contract_id, event.at, reason=DEFAULT)


POLICIES = (
    # One policy for both: two would have a checkpoint each, and a default could overtake its regularisation.
    Policy(
        "default_of_payment",
        source="billing",
        handles={
            "billing.account.in_default": notify_suspension,
            "billing.account.regularised": end_suspension,
        },
    ),
)
