"""The sentence of a price: what is accepted, in Portuguese, the contract's language."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from tickets_service.domain.pricing_events import OfferedPart

CENT = Decimal("0.01")
UNITS = {"hour": "hora", "visit": "visita", "request": "atendimento"}


def price_text(
    protocol: str | None,
    service: str,
    contract_number: str | None,
    clause: str,
    unit_price: Decimal,
    unit: str,
    ceiling: Decimal | None,
    parts: tuple[OfferedPart, ...] = (),
) -> str:
    """The sentence that is accepted; in Portuguese, the contract's language."""
    what = f"Solicitação {protocol or 's/n'}" + (f" ({service})" if service else "")
    where = f"contrato {contract_number}, cláusula {clause}" if contract_number else f"cláusula {clause}"
    most = f", no máximo {brl(ceiling)} ao todo" if ceiling is not None else ", pela quantidade executada"
    named = "; ".join(f"{said(each.quantity)} × {each.name} a {brl(each.unit_price)}" for each in parts)
    also = f"; peças: {named}" if parts else ""
    price = f"a {brl(unit_price)} por {UNITS.get(unit, unit)}{also}{most}"
    return f"{what}: atendimento além do incluído no contrato ({where}), {price}."


def said(quantity: Decimal) -> str:
    """1,5"""
    return f"{quantity.normalize():f}".replace(".", ",")


def brl(amount: Decimal) -> str:
    """R$ 1.234,56"""
    whole = f"{amount.quantize(CENT, ROUND_HALF_UP):,.2f}"
    return "R$ " + whole.replace(",", " ").replace(".", ",").replace(" ", ".")
