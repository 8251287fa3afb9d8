"""The Pix BR Code («copia e cola», and what its QR shows): EMV TLV fields, closed by a CRC-16/CCITT-FALSE.

Source: Banco Central do Brasil, Manual de Padrões para Iniciação do Pix; EMVCo QRCPS merchant-presented mode. Static
code (no expiry): it is made anew whenever it is shown, with the amount that is owed that day.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from services.errors import Refused

GUI = "br.gov.bcb.pix"
NO_TXID = "***"


def br_code(
    key: str, name: str, city: str, amount: Decimal | None = None, txid: str = NO_TXID, description: str = ""
) -> str:
    """``key``: the receiver's Pix key; ``txid``: up to 25 letters and digits by which the payment is found again."""
    if not key or len(key) > 77:
        raise Refused("pix.key-invalid", key=key)
    account = _field("00", GUI) + _field("01", key)
    note = plain_text(description, 99 - len(account) - 4)
    account += _field("02", note) if note else ""
    payload = _field("00", "01") + _field("26", account) + _field("52", "0000") + _field("53", "986")
    if amount is not None:
        if amount <= 0:
            raise Refused("pix.amount-invalid", amount=amount)
        payload += _field("54", format(amount, ".2f"))
    payload += _field("58", "BR") + _field("59", plain_text(name, 25)) + _field("60", plain_text(city, 15))
    payload += _field("62", _field("05", txid_of(txid))) + "6304"
    return payload + f"{crc16(payload):04X}"


def crc16(text: str) -> int:
    """CRC-16/CCITT-FALSE: polynomial 0x1021, initial value 0xFFFF, nothing reflected."""
    crc = 0xFFFF
    for byte in text.encode():
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ 0x1021 if crc & 0x8000 else crc << 1
        crc &= 0xFFFF
    return crc


def fields(payload: str) -> dict[str, str]:
    """The fields of one level, by id. Raises ``ValueError`` where lengths do not fit."""
    found: dict[str, str] = {}
    position = 0
    while position < len(payload):
        id_, length = payload[position : position + 2], int(payload[position + 2 : position + 4])
        value = payload[position + 4 : position + 4 + length]
        if len(value) != length:
            raise ValueError(f"field {id_} is cut")
        found[id_], position = value, position + 4 + length
    return found


def is_sound(payload: str) -> bool:
    """Whether the CRC at the end is the one of what stands before it."""
    return len(payload) > 8 and payload[-8:-4] == "6304" and payload[-4:] == f"{crc16(payload[:-4]):04X}"


def txid_of(text: str) -> str:
    """Letters and digits only, the last 25: of an id those that differ most."""
    return re.sub(r"[^A-Za-z0-9]", "", text)[-25:] or NO_TXID


def plain_text(text: str, most: int) -> str:
    """Without accents, as bank software reads it everywhere, and at most so long."""
    ascii_ = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return " ".join(ascii_.split())[:most].strip()


def _field(id_: str, value: str) -> str:
    return f"{id_}{len(value):02}{value}"
