"""What is on the desk now: a request in every state, one due in twenty minutes, one too late; today's visits and a missed one; a
stream that was set aside, so that an operator finds something to heal."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from vigencia.demo import contracts
from vigencia.demo.history import visit
from vigencia.demo.steps import (
    ATTENDANT,
    SETTLE,
    ZONE,
    Settle,
    Step,
    demo_id,
    evaluation_id,
    local,
    staff,
    text,
    user_id,
    weight,
)

TECHNICIAN = "tecnico"
PARKED = "sensor"
REQUESTS = (
    # key, contact, contract, service, equipment, hours ago, priority, words
    ("nova", "joao", "clinica-tudo", "AC", "clinica/1", 0.7, "high", "O ar da sala de espera pinga."),
    ("vinte-minutos", "denise", "lab-ar", "AC", None, 16 - 1 / 3, "high", "A sala de análises passou de 25 graus."),
    ("estourada", "sindica-mar", "mar-elevadores", "ELV", "edificio-mar/2", 10, "critical", "O elevador 2 parou no térreo."),
    ("rede", "marina", "clinica-tudo", "TI", None, 26, "medium", "A rede cai no fim da tarde."),
    ("quadro", "cecilia", "padaria-eletrica", "ELE", "padaria/1", 74, "critical", "O disjuntor do forno desarma."),
    ("filtro", "joao", "clinica-tudo", "AC", "clinica/2", 100, "low", "Está na hora da limpeza."),
    ("projetor", "beatriz", "escola-ti", "TI", None, 52, "medium", "O projetor da sala 4 não liga."),
    ("servidor", "paulo", "andrade-ti", "TI", None, 96, "high", "O servidor precisa de um novo disco e das cópias."),
    ("camera", "joao", "clinica-alarme", "SEG", None, 120, "medium", "A câmera 2 está sem imagem."),
    ("cheiro", "silvia", "hotel-ar", "AC", "hotel/1", 30, "medium", "Cheiro estranho no corredor do terceiro andar."),
    (PARKED, "sindico-ipe", "ipe-portaria", "SEG", None, 72, "medium", "O sensor do portão falha."),
)  # fmt: skip
AT_PRICE = ("a-preco", "paulo", "andrade-ti", "TI", None, 1.5, "low", "Mais um ponto de rede na sala de reunião.")


def steps(now: datetime) -> Iterator[Step | Settle]:
    desk = Desk(now)
    for asked in REQUESTS:
        yield desk.open(*asked)
    yield from _work(desk)
    yield SETTLE
    yield desk.open(*AT_PRICE)
    yield from _verdicts(desk)
    yield SETTLE
    yield from _set_aside(desk)
    yield from _visits(now)


class Desk:
    def __init__(self, now: datetime) -> None:
        self.now = now
        self.opened = {each[0]: now - timedelta(hours=each[5]) for each in (*REQUESTS, AT_PRICE)}

    def open(
        self,
        key: str,
        contact: str,
        contract: str,
        service: str,
        equipment: str | None,
        hours: float,
        priority: str,
        words: str,
    ) -> Step:
        customer = next(row["customer"] for row in contracts.rows() if row["key"] == contract)
        payload = {
            "contract_id": demo_id(f"contract/{contract}"), "service_type_id": demo_id(f"service/{service}"),
            "site_id": demo_id(f"site/{customer}"), "opened_by": demo_id(f"contact/{contact}"), "description": words,
            "channel": "portal", **weight(priority),
            "equipment_id": demo_id(f"equipment/{equipment}") if equipment else None,
        }  # fmt: skip
        return self.ticket("open", "open_request", key, 0, f"contact:{demo_id(f'contact/{contact}')}", **payload)

    def ticket(
        self, name: str, command: str, key: str, minutes: float, actor: str = staff(TECHNICIAN), /, **given: Any
    ) -> Step:
        """``minutes`` after the request was opened."""
        at = min(self.opened[key] + timedelta(minutes=minutes), self.now)
        payload = {"request_id": demo_id(f"request/{key}"), **given, "at": text(at)}
        return Step(f"{name}/{key}", "tickets", command, payload, actor, at)

    def verdict(self, name: str, command: str, key: str, hours_ago: float, /, **given: Any) -> Step:
        who = next(each[1] for each in REQUESTS if each[0] == key)
        contact = demo_id(f"contact/{who}")
        at = self.now - timedelta(hours=hours_ago)
        ids = {"evaluation_id": evaluation_id(demo_id(f"request/{key}"), 1), "by": contact}
        return Step(f"{name}/{key}", "feedback", command, {**ids, **given, "at": text(at)}, f"contact:{contact}", at)


def _work(desk: Desk) -> Iterator[Step]:
    for key, *_ in REQUESTS[1:]:
        if key == "cheiro":
            yield desk.ticket(
                "cancel", "cancel_request", key, 60, ATTENDANT, reason="Era a pintura do corredor; passou."
            )
            continue
        yield desk.ticket("assign", "assign_request", key, 15, ATTENDANT, assignee_id=user_id(TECHNICIAN))
        yield desk.ticket("start", "start_request", key, 40)
    yield desk.ticket(
        "wait", "wait_request", "quadro", 240, author_id=user_id(TECHNICIAN),
        reason="Aguardando a autorização para trocar o disjuntor.",
    )  # fmt: skip
    note = {"note_id": demo_id("note/rede"), "author_id": user_id(TECHNICIAN), "visibility": "internal"}
    yield desk.ticket(
        "note", "add_note", "rede", 300, text="O switch do segundo andar reinicia; levar um de reserva.", **note
    )
    today = desk.now.astimezone(ZONE).date()
    for number, hours in enumerate(("8", "8", "7.5"), 1):
        work = {"work_id": demo_id(f"work/servidor/{number}"), "quantity": hours, "technician_id": user_id(TECHNICIAN)}
        said = {"performed_on": today.isoformat(), "description": "Troca de disco e cópias de segurança"}
        yield desk.ticket(f"work-{number}", "record_work", "servidor", 95 * 60 + number, **work, **said)
    photo = {
        "document_id": demo_id("photo/projetor"), "kind": "photo", "sha256": hashlib.sha256(photo_of_work()).hexdigest(),
        "name": "projetor.png", "size": len(photo_of_work()), "media_type": "image/png", "author_id": user_id(TECHNICIAN),
    }  # fmt: skip
    yield desk.ticket("photo", "attach_document", "projetor", 1200, **photo)
    for key, minutes, summary in (
        ("filtro", 1800, "Filtros limpos e gás conferido."),
        ("projetor", 1210, "Lâmpada do projetor trocada."),
        ("servidor", 95 * 60 + 20, "Disco trocado, cópias conferidas."),
        ("camera", 1700, "Cabo refeito."),
        (PARKED, 1500, "Sensor trocado."),
    ):
        yield desk.ticket("resolve", "resolve_request", key, minutes, summary=summary, resolved_by=user_id(TECHNICIAN))


def _verdicts(desk: Desk) -> Iterator[Step]:
    yield desk.verdict("rate", "rate_service", "servidor", 0.4, score=5, comment="Rápido e atencioso.")
    yield desk.verdict("contest", "contest_service", "camera", 20, reason="A imagem ainda some à noite.")


def _set_aside(desk: Desk) -> Iterator[Step | Settle]:
    """The customer's yes waits at tickets: his request stays open until somebody retries."""
    stream = f"evaluation-{evaluation_id(demo_id(f'request/{PARKED}'), 1)}"
    aside = {
        "subscription": "policy.obey_verdict", "stream": stream,
        "reason": "Separado à mão na demonstração: tente de novo (retry), e a solicitação se encerra.",
    }  # fmt: skip
    yield Step("aside", "tickets", "park", aside, action=True)
    yield desk.verdict("confirm", "confirm_service", PARKED, 2)
    yield SETTLE


def _visits(now: datetime) -> Iterator[Step]:
    """Today three, of which one was made in the morning's first hour; yesterday's could not be made."""
    today = now.astimezone(ZONE).date()
    rows = {row["key"]: row for row in contracts.rows()}
    for number, (key, technician) in enumerate(
        (("clinica-ar", TECHNICIAN), ("hotel-ar", "bruno"), ("mar-elevadores", "celia"))
    ):
        yield from visit(f"visit/today/{number}", rows[key], today, technician, done=False)
    row = rows["serra-bombas"]
    yesterday = today - timedelta(days=1)
    yield from visit("visit/missed", row, yesterday, TECHNICIAN, done=False)
    missed = {
        "contract_id": demo_id("contract/serra-bombas"), "visit_id": demo_id("visit/missed"),
        "reason": "Ninguém no local para abrir a casa de bombas.",
    }  # fmt: skip
    yield Step("visit/missed/told", "tickets", "miss_visit", missed, staff(TECHNICIAN), local(yesterday, 17))


def photo_of_work() -> bytes:
    """A small picture (PNG): a grey field with a lighter band, as evidence of the demo alone."""
    width, height = 160, 120
    lines = b"".join(b"\0" + bytes((200 if 40 < y < 80 else 120,)) * width for y in range(height))

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b"")


__all__ = ["PARKED", "photo_of_work", "steps"]
