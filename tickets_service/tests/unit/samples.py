"""One event of each kind with every field filled, as the golden files have them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tickets_service.domain import document_events as d
from tickets_service.domain import escalation_events as x
from tickets_service.domain import events as e
from tickets_service.domain import pricing_events as p
from tickets_service.domain import visit_messages as v
from tickets_service.domain.coverage import Coverage

IDS = (
    "019336a0-7b1c-7000-8000-000000000001",
    "019336a0-7b1c-7000-8000-0000000000c1",
    "019336a0-7b1c-7000-8000-0000000000a1",
)
SERVICE, CONTACT, STAFF = "019336a0-7b1c-7000-8000-0000000000d1", "019336a0-7b1c-7000-8000-0000000000b1", "bruna"
AT = datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
DUE = datetime(2026, 3, 2, 21, 0, tzinfo=UTC)
EARLIER = datetime(2026, 3, 2, 20, 0, tzinfo=UTC)

SAMPLES: tuple[Any, ...] = (
    e.RequestOpened(
        *IDS,
        protocol="2026-000123",
        service_type_id=SERVICE,
        site_id="019336a0-7b1c-7000-8000-0000000000e1",
        equipment_id="019336a0-7b1c-7000-8000-0000000000f1",
        opened_by=CONTACT,
        channel="phone",
        description="Ar-condicionado da recepção pingando.",
        priority="high",
        coverage=Coverage(
            "covered_at_price", "4.1", "beyond-included", Decimal("0"), "hour", Decimal("180.00"), Decimal("900.00")
        ),
        at=AT,
        entered_by=STAFF,
        override_reason="Emergência",
        external_ref="INC0000045",
        opened_on=date(2026, 3, 2),
        preferred=("2026-03-04 08:00-12:00",),
        impact="medium",
        urgency="high",
    ),
    e.RequestCompleted(*IDS, "Refrigeração", STAFF, "Dreno entupido.", AT),
    e.RequestClassified(*IDS, "critical", AT, "high", "high", "high", STAFF),
    e.RequestAssigned(*IDS, "tecnico-7", AT, "Campo"),
    e.RequestStarted(*IDS, AT),
    e.RequestWaiting(*IDS, AT, STAFF, "Qual o modelo do aparelho?"),
    e.RequestResumed(*IDS, AT),
    e.RequestNoted(*IDS, "n-1", STAFF, "provider", "internal", "Levar escada.", AT),
    e.DocumentAttached(
        *IDS,
        "d-1",
        "signed_order",
        "ab" * 32,
        "os-4711.pdf",
        182_000,
        "application/pdf",
        AT,
        STAFF,
        "provider",
        "internal",
    ),
    e.WorkRecorded(
        *IDS,
        work_id="w-1",
        service_type_id=SERVICE,
        technician_id="tecnico-7",
        performed_on=date(2026, 3, 2),
        quantity=Decimal("2.5"),
        unit="hour",
        included_quantity=Decimal("1.0"),
        beyond_quantity=Decimal("1.5"),
        unit_price=Decimal("180.00"),
        description="Limpeza do dreno",
        at=AT,
        clause="4.1",
        charge="none",
        charge_limit=Decimal("500.00"),
        uncharged_because="price-not-accepted",
        began_at=AT,
        ended_at=EARLIER,
        protocol="2026-000123",
    ),
    e.RequestResolved(
        *IDS,
        CONTACT,
        AT,
        1,
        "tecnico-7",
        (e.Evidence("signed_order", "d-1"),),
        "Dreno limpo e testado.",
        False,
        "st-1",
        True,
    ),
    e.RequestClosed(*IDS, AT, "confirmation"),
    e.RequestReopened(*IDS, AT, "customer", CONTACT, "Voltou a pingar."),
    e.RequestCancelled(*IDS, AT, "customer", CONTACT, "Não precisa mais."),
    e.RequestHeld(*IDS, AT, "suspension"),
    e.RequestReleased(*IDS, AT),
    e.DeadlineSet(
        *IDS, "resolution", DUE, EARLIER, 480, EARLIER, "calendar", AT, "Aniversário da cidade, 2026-03-03", DUE
    ),
    e.DeadlineWarned(*IDS, "resolution", DUE, EARLIER),
    e.DeadlineBreached(*IDS, "resolution", DUE, DUE),
    e.DeadlineMet(*IDS, "response", DUE, AT),
    p.PriceOffered(
        *IDS,
        offer=2,
        unit_price=Decimal("180.00"),
        unit="hour",
        ceiling=Decimal("900.00"),
        clause="4.1",
        price_text="Solicitação 2026-000123: a R$ 180,00 por hora, no máximo R$ 900,00 ao todo.",
        text_sha256="cd" * 32,
        offered_by=STAFF,
        at=AT,
        reason="Compressor fora do padrão.",
    ),
    p.PriceAccepted(
        *IDS,
        offer=2,
        contact_id=CONTACT,
        name="Otávio Barreto",
        unit_price=Decimal("180.00"),
        ceiling=Decimal("900.00"),
        clause="4.1",
        text_sha256="cd" * 32,
        at=AT,
        recorded_by=STAFF,
        document_id="d-1",
    ),
    p.PriceDeclined(*IDS, 2, CONTACT, AT, "Caro demais."),
    p.PriceWaived(*IDS, STAFF, "Cortesia pela demora.", AT),
    p.EmergencyInvoked(*IDS, Decimal("500.00"), "requests.emergency_limit", AT),
    d.FieldCorrected(
        *IDS,
        field="service_type_id",
        owner="customer",
        side="provider",
        author_id=STAFF,
        value=SERVICE,
        former="019336a0-7b1c-7000-8000-0000000000d2",
        text="Ar-condicionado da recepção pinga.",
        former_author_id=CONTACT,
        former_text="Ar-condicionado pingando.",
        at=AT,
        coverage=Coverage("covered", "4.1", "included", Decimal("2"), "hour", Decimal("180.00"), Decimal("900.00")),
        reason="É outro serviço.",
    ),
    d.ChecklistSet(*IDS, STAFF, ("Filtros", "Dreno"), AT),
    d.ItemChecked(*IDS, STAFF, "Dreno", True, AT),
    d.WorkCorrected(
        *IDS,
        work_id="w-1",
        service_type_id=SERVICE,
        performed_on=date(2026, 3, 2),
        unit="hour",
        former_quantity=Decimal("2.5"),
        quantity=Decimal("2.0"),
        included_quantity=Decimal("1.0"),
        former_beyond_quantity=Decimal("1.5"),
        beyond_quantity=Decimal("1.0"),
        unit_price=Decimal("180.00"),
        reason="Meia hora de deslocamento",
        author_id=STAFF,
        at=AT,
        charge="accepted",
        charge_limit=Decimal("500.00"),
        clause="4.1",
    ),
    d.PartUsed(*IDS, "p-1", "Mangueira de dreno", Decimal("1.5"), "m", "MD-77", "tecnico-7", AT, AT),
    d.PartCorrected(*IDS, "p-1", Decimal("1.5"), Decimal("1"), "Sobrou meio metro", STAFF, AT),
    d.RequestLinked(*IDS, "019336a0-7b1c-7000-8000-000000000002", STAFF, AT),
    d.RequestUnlinked(*IDS, "019336a0-7b1c-7000-8000-000000000002", STAFF, AT),
    d.MarkedDuplicate(*IDS, "019336a0-7b1c-7000-8000-000000000002", STAFF, AT),
    x.RequestWarned(*IDS, "resolution", 1, DUE, "assignee", "u-9", "tecnico-7", CONTACT, False, EARLIER, DUE),
    x.RequestEscalated(*IDS, "resolution", 2, DUE, "manager", "u-9", "tecnico-7", CONTACT, True, DUE, DUE),
    x.DeadlineMeasured(*IDS, "resolution", 25200, 3600, 28800, AT),
)

OF = (IDS[1], IDS[2])  # contract and customer
VISIT = (*OF, "019336a0-7b1c-7000-8000-000000000009")
DAY = date(2026, 3, 10)
VISIT_SAMPLES: tuple[Any, ...] = (
    v.VisitPlanned(
        *VISIT, kind="preventive", on=DAY, opens="08:00", closes="12:00", time_zone="America/Sao_Paulo",
        service_type_id=SERVICE, description="Manutenção preventiva", site_id="019336a0-7b1c-7000-8000-0000000000e1",
        equipment_ids=("019336a0-7b1c-7000-8000-0000000000f1",), plan_id="mensal", month="2026-03", number=1,
        request_id=IDS[0], technician_id="tecnico-7", at=AT,
    ),
    v.VisitMoved(*VISIT, DAY, "13:00", "17:00", date(2026, 3, 9), "Cliente pediu", "customer", AT, "people"),
    v.VisitAssigned(*VISIT, "tecnico-7", AT),
    v.VisitStarted(*VISIT, "tecnico-7", AT, EARLIER),
    v.VisitDone(
        *VISIT, request_id=IDS[0], service_type_id=SERVICE, technician_id="tecnico-7", performed_on=DAY,
        quantity=Decimal("1"), unit="visit", included_quantity=Decimal("0"), beyond_quantity=Decimal("1"),
        unit_price=Decimal("180.00"), description="Manutenção preventiva", checklist=("Filtros limpos",),
        note="Trocar a correia na próxima.", signed_by=CONTACT, clause="4.1", at=AT, charge="none",
        charge_limit=Decimal("500.00"),
        uncharged_because="price-not-accepted", occurred_at=EARLIER,
    ),
    v.VisitMissed(*VISIT, "nobody_there", AT, EARLIER),
    v.VisitCancelled(*VISIT, "people", "customer", "Reforma no local", AT),
    v.VisitPlanExtended(*OF, date(2026, 5, 31), "time", AT),
    v.VisitPlanStopped(*OF, DAY, "suspension", AT),
    v.VisitPlanResumed(*OF, DAY, AT),
    v.VisitDocumentAdded(
        *VISIT, "foto-1", "photo", "ab" * 32, "filtro.jpg", 1000, "image/jpeg", "tecnico-7", AT, EARLIER
    ),
    v.VisitPartUsed(*VISIT, "peca-1", "Correia A-36", Decimal("1"), "piece", "tecnico-7", AT, EARLIER),
)  # fmt: skip
