"""One event of every kind, complete, for the golden files and the folds' tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from contracts_service.domain.bank import BankDetails
from contracts_service.domain.contract_commands import Party
from contracts_service.domain.contract_events import (
    AddendumUndone,
    ContractAmended,
    ContractRenewed,
    ExpiryUndone,
    NoticeGiven,
    NoticeWithdrawn,
    PriceAdjusted,
    RenewalDeclined,
    RenewalOffered,
    RenewalUndone,
    ResumptionUndone,
    SuspensionProposed,
    SuspensionUndone,
    SuspensionWithdrawn,
    TerminationUndone,
    TermsChanged,
)
from contracts_service.domain.customer_messages import (
    ContactAuthorised,
    ContactErased,
    ContactRemoved,
    CustomerErased,
    CustomerKind,
    CustomerRegistered,
    EquipmentAdded,
    ProfileChanged,
    Right,
    SiteAdded,
)
from contracts_service.domain.holiday import HolidayAdded, HolidayRemoved
from contracts_service.domain.paper_messages import (
    ContractAccepted,
    DocumentAttached,
    DocumentKind,
    DocumentRemoved,
    Method,
    TagsChanged,
)
from contracts_service.domain.price_index import IndexValue, IndexValuesCorrected, IndexValuesLoaded
from contracts_service.domain.provider import BankChanged, LetterheadChanged, NumberSeriesChanged, ProviderRegistered
from contracts_service.domain.service_type import ServiceTypeDefined, ServiceTypeRetired
from contracts_service.domain.template import TemplateDefined, TemplateRetired
from contracts_service.domain.terms import Adjusting, DunningLevel, Index, LineKind
from contracts_service.domain.terms_changes import with_end, with_prices_adjusted
from contracts_service.domain.terms_rules import (
    Align,
    Channel,
    Communication,
    Discount,
    Evaluation,
    NoticeRule,
    PriorityRule,
    RequestRules,
    Topic,
    VisitPlan,
)
from contracts_service.domain.terms_time import Calendar, Clock, EscalationStep, OptionalDay, Told
from contracts_service.tests.samples import (
    DEFAULT,
    activated,
    at,
    day,
    drafted,
    expired,
    line,
    notified,
    resumed,
    service,
    suspended,
    terminated,
    terms,
)

PROVIDER = ProviderRegistered(
    "p1",
    "Vértice Manutenções Ltda.",
    "Vértice",
    "11222333000181",
    "Rua das Palmeiras, 100",
    "Campinas",
    "SP",
    "financeiro@vertice.example",
    "America/Sao_Paulo",
    "V-",
    bank=BankDetails(
        "341", "0057", "12345", "7", "109", "0123456", ("Não receber após 30 dias do vencimento",), 10, 30
    ),
    phone="+55 19 3232-1000",
    email="contato@vertice.example",
    logo_sha256="ef" * 32,
)
PERSON = CustomerRegistered(
    customer_id="k1",
    kind=CustomerKind.PERSON,
    legal_name=None,
    cnpj=None,
    person_name="Ana Lima",
    cpf="52998224725",
    email="ana@exemplo.com.br",
    phone="+55 19 3333-4444",
    address="Rua A, 10, Campinas",
    external_ref="A-1",
    cpf_fingerprint="8c1f",
)
CONTACT = ContactAuthorised("k1", "t1", "Rui Sá", "rui@exemplo.com.br", None, (Right.MONEY, Right.REQUESTS), "Síndico")
SITE = SiteAdded("k1", "u1", "Matriz", "Rua A, 10", "Campinas", "SP")
EQUIPMENT = EquipmentAdded("k1", "u1", "e1", "Ar-condicionado 24.000 BTU", "SN-9", "QR-1")
FULL_TERMS = terms(
    lines=(
        line(anchor_day=31, starts_on=date(2026, 1, 15), service_type_id="s1"),
        line(line_id="l2", clause="4.2", description="Instalação", kind=LineKind.ONE_OFF, amount=Decimal("350.00")),
    ),
    dunning=(DunningLevel(1, -3), DunningLevel(2, 10)),
)
RICH_TERMS = replace(
    FULL_TERMS,
    services=(service(tacit_confirmation=False),),
    lines=(
        line(
            discounts=(
                Discount(Decimal("10"), Decimal("25.00"), date(2026, 1, 1), date(2026, 6, 30), "Boas-vindas"),
                Discount(Decimal("5")),
            ),
            minimum=Decimal("900.00"),
            ceiling=Decimal("1400.00"),
            offset_days=5,
            align=Align.CALENDAR,
        ),
        line(
            line_id="l3",
            clause="4.3",
            description="Horas extras",
            kind=LineKind.PER_USE,
            amount=Decimal("180.00"),
            service_type_id="s1",
            included_quantity=Decimal("2"),
            ceiling=Decimal("2000.00"),
        ),
    ),
    dunning=(DunningLevel(1, -3, text="Sua cobrança vence em 3 dias."), DunningLevel(2, 10, Channel.PHONE)),
    adjustment=Adjusting(Index.IPCA, month=5),
    visit_plan=(VisitPlan("v1", "s1", "Preventiva", 2, (1, 3), "08:00", "12:00", "u1", ("e1",)),),
    communication=Communication(notices=(NoticeRule(Topic.CHARGE, Channel.EMAIL, ("money",)), NoticeRule(Topic.VISIT))),
    evaluation=Evaluation(channel=Channel.PORTAL, expiry_days=30, comment_below=3),
    requests=RequestRules(
        reopen_days=10,
        emergency_limit=Decimal("500.00"),
        priorities=(PriorityRule("low", "high", "high"),),
        document_mb=10,
        accept_excess=True,
    ),
    calendar=Calendar(holidays=(date(2026, 7, 26),), optional=(OptionalDay.CARNIVAL,)),
    escalation=(
        EscalationStep(1, percent=80, role=Told.ASSIGNEE),
        EscalationStep(2, Clock.RESPONSE, minutes=60, role=None, user_id="w1", any_hour=True, service_type_id="s1"),
    ),
)

ATTACHED = DocumentAttached(
    contract_id="c1",
    customer_id="k1",
    document_id="d1",
    kind=DocumentKind.SIGNED_CONTRACT,
    name="contrato.pdf",
    sha256="ab" * 32,
    size=48213,
    media_type="application/pdf",
    at=at("2026-03-10"),
    addendum=None,
)
ACCEPTED = ContractAccepted(
    contract_id="c1",
    customer_id="k1",
    acceptance_id="a1",
    method=Method.ELECTRONIC,
    side=Party.CUSTOMER,
    person_id="t1",
    signer_name="Rui Sá",
    signer_document=None,
    on=day("2026-03-10"),
    at=at("2026-03-10"),
    addendum=0,
    text_sha256="cd" * 32,
    document_id=None,
    origin="203.0.113.7",
    agent="Firefox",
)

EVENTS: tuple[Any, ...] = (
    PROVIDER,
    PERSON,
    ProfileChanged(
        customer_id="k1",
        legal_name=None,
        cnpj=None,
        person_name="Ana Lima Souza",
        cpf="52998224725",
        email="ana@exemplo.com.br",
        phone=None,
        address="Rua B, 20, Campinas",
        cpf_fingerprint="8c1f",
    ),
    CONTACT,
    ContactRemoved("k1", "t1"),
    SITE,
    EQUIPMENT,
    ContactErased("k1", "t1", ("t1",)),
    CustomerErased("k1", ("k1", "t1")),
    ServiceTypeDefined("s1", "MAN", "Manutenção", "Preventiva e corretiva"),
    ServiceTypeRetired("s1"),
    NumberSeriesChanged("p1", "F2-", 5, False),
    BankChanged("p1", BankDetails("001", "1234", "987654", "X", "17", "1234567")),
    LetterheadChanged("p1", "Vértice", "Av. Norte, 5", "Campinas", "SP", "pix@vertice.example", None, None, None),
    TemplateDefined("m1", "Manutenção mensal", "Para condomínios", FULL_TERMS),
    TemplateRetired("m1"),
    TagsChanged("c1", "k1", ("condomínio", "zona sul")),
    ATTACHED,
    DocumentRemoved("c1", "k1", "d1", "Arquivo trocado", at("2026-03-11")),
    ACCEPTED,
    IndexValuesLoaded(Index.IPCA, (IndexValue(day("2026-01-01"), Decimal("0.33")),), "IBGE"),
    IndexValuesCorrected(Index.IPCA, (IndexValue(day("2026-01-01"), Decimal("0.34")),), "IBGE, retificação"),
    HolidayAdded("h1", day("2026-07-26"), "Aniversário da cidade", "state:SP", True),
    HolidayRemoved(
        "h1", day("2026-07-26"), "Aniversário da cidade", "state:SP", True, day("2027-01-01"), "Lei revogada"
    ),
    drafted(terms=FULL_TERMS, external_ref="A-1"),
    TermsChanged("c1", FULL_TERMS),
    activated(terms=FULL_TERMS),
    ContractAmended("c1", "k1", 1, day("2026-07-01"), replace(RICH_TERMS, state="RJ"), "Mudança de filial"),
    PriceAdjusted(
        "c1",
        "k1",
        2,
        day("2027-01-01"),
        Decimal("4.5"),
        with_prices_adjusted(FULL_TERMS, Decimal("4.5"), day("2027-01-01")),
    ),
    ContractRenewed("c1", "k1", day("2027-12-31"), day("2026-01-01"), with_end(FULL_TERMS, day("2027-12-31"))),
    notified(),
    SuspensionWithdrawn("c1", "k1", day("2026-03-12")),
    suspended(),
    resumed(),
    terminated(),
    expired(),
    NoticeGiven("c1", "k1", day("2026-03-10"), Party.CUSTOMER, day("2026-12-31"), "Mudança"),
    NoticeWithdrawn("c1", "k1", day("2026-03-20")),
    RenewalOffered("c1", "k1", day("2026-11-01"), day("2026-12-31"), day("2027-12-31"), day("2026-12-01")),
    RenewalDeclined("c1", "k1", day("2026-11-10"), day("2026-12-31"), Party.CUSTOMER, "Mudança"),
    SuspensionProposed("c1", "k1", day("2026-03-15"), DEFAULT),
    SuspensionUndone("c1", "k1", day("2026-03-15"), "Pagamento não conciliado"),
    ResumptionUndone("c1", "k1", day("2026-04-01"), "Cheque devolvido"),
    TerminationUndone("c1", "k1", day("2026-06-30"), "active", "Contrato errado"),
    ExpiryUndone("c1", "k1", day("2026-12-31"), "active", "Renovação assinada a tempo"),
    RenewalUndone("c1", "k1", day("2026-12-31"), day("2026-01-01"), FULL_TERMS, "Aviso recebido a tempo"),
    AddendumUndone(
        contract_id="c1",
        customer_id="k1",
        addendum=2,
        change="adjustment",
        effective_on=day("2027-01-01"),
        terms=FULL_TERMS,
        price_base_on=day("2026-01-01"),
        adjusted_on=None,
        adjusted_percent=None,
        reason="Índice errado",
    ),
)
