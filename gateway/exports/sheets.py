"""The columns of each list and report: field, kind of value, header in pt-BR and en.

Amounts are summed at the end where adding them up has a meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "money", "total", "day", "instant", "number", "flag"]
"""``total``: money that is summed; ``money``: money that is not (a balance after each movement)."""


@dataclass(frozen=True, slots=True)
class Column:
    field: str
    kind: Kind
    pt: str
    en: str

    def header(self, lang: str) -> str:
        return self.en if lang == "en" else self.pt


@dataclass(frozen=True, slots=True)
class Sheet:
    """``rows``: where an answer has its rows; empty: the answer is the one row. ``file``: name in pt-BR and en."""

    file: Mapping[str, str]
    columns: tuple[Column, ...]
    rows: str = "items"


def _sheet(pt: str, en: str, *columns: Column, rows: str = "items") -> Sheet:
    return Sheet({"pt-BR": pt, "en": en}, columns, rows)


_CUSTOMER = (
    Column("customer_name", "text", "Cliente", "Customer"),
    Column("customer_id", "text", "Id do cliente", "Customer id"),
)
_CONTRACT = Column("contract_id", "text", "Contrato (id)", "Contract id")
_RECEIVABLE = Column("receivable_id", "text", "Cobrança (id)", "Receivable id")
_NUMBER = Column("number", "text", "Número", "Number")
_MONTH = Column("month", "text", "Mês", "Month")
_STATUS = Column("status", "text", "Situação", "Status")
_DUE = Column("due_on", "day", "Vencimento", "Due on")
_PROTOCOL = Column("protocol", "text", "Protocolo", "Protocol")
_EXTERNAL = Column("external_ref", "text", "Referência externa", "External reference")
_AGENDA = (
    Column("bill_on", "day", "Faturar em", "Bill on"),
    _DUE,
    Column("clause", "text", "Cláusula", "Clause"),
    Column("description", "text", "Descrição", "Description"),
    Column("period_start", "day", "Período de", "Period from"),
    Column("period_end", "day", "Período até", "Period until"),
    Column("amount", "total", "Valor", "Amount"),
    Column("state", "text", "Situação", "State"),
    Column("reason", "text", "Motivo", "Reason"),
    Column("charge_id", "text", "Item (id)", "Charge id"),
)


def _movements(pt: str, en: str, *named: Column) -> Sheet:
    return _sheet(
        pt,
        en,
        Column("on", "day", "Dia", "Day"),
        *named,
        Column("kind", "text", "Movimento", "Movement"),
        _RECEIVABLE,
        Column("amount", "total", "Valor", "Amount"),
        Column("balance", "money", "Saldo", "Balance"),
    )


SHEETS: Mapping[str, Sheet] = {
    "list_receivables": _sheet(
        "cobrancas",
        "receivables",
        _NUMBER,
        *_CUSTOMER,
        _CONTRACT,
        _MONTH,
        Column("issued_on", "day", "Emissão", "Issued on"),
        _DUE,
        Column("payable_on", "day", "Pagável até", "Payable on"),
        Column("gross", "total", "Bruto", "Gross"),
        Column("withheld", "total", "Retido", "Withheld"),
        Column("net", "total", "Líquido", "Net"),
        Column("late_charges", "total", "Encargos", "Late charges"),
        Column("paid", "total", "Pago", "Paid"),
        Column("credited", "total", "Creditado", "Credited"),
        Column("balance", "total", "Saldo", "Balance"),
        _STATUS,
        Column("disputed", "flag", "Contestada", "Disputed"),
        Column("settled_on", "day", "Quitação", "Settled on"),
        Column("days_late", "number", "Dias de atraso", "Days late"),
        Column("reminders", "number", "Lembretes", "Reminders"),
        _RECEIVABLE,
        _EXTERNAL,
        Column("renegotiation_id", "text", "Renegociação (id)", "Renegotiation id"),
    ),
    "list_payments": _sheet(
        "pagamentos",
        "payments",
        Column("received_on", "day", "Recebimento", "Received on"),
        *_CUSTOMER,
        _CONTRACT,
        Column("amount", "total", "Valor", "Amount"),
        Column("method", "text", "Meio", "Method"),
        Column("unallocated", "total", "Sem destino", "Unallocated"),
        Column("reversed_on", "day", "Estorno", "Reversed on"),
        Column("payment_id", "text", "Pagamento (id)", "Payment id"),
    ),
    "list_contracts": _sheet(
        "contratos",
        "contracts",
        _NUMBER,
        *_CUSTOMER,
        _STATUS,
        Column("starts_on", "day", "Início", "Starts on"),
        Column("ends_on", "day", "Fim", "Ends on"),
        Column("activated_on", "day", "Ativação", "Activated on"),
        Column("ended_on", "day", "Encerramento", "Ended on"),
        Column("monthly_amount", "total", "Valor mensal", "Monthly amount"),
        Column("addenda", "number", "Aditivos", "Addenda"),
        Column("in_default_since", "day", "Inadimplente desde", "In default since"),
        _CONTRACT,
        _EXTERNAL,
    ),
    "list_requests": _sheet(
        "solicitacoes",
        "requests",
        _PROTOCOL,
        *_CUSTOMER,
        _CONTRACT,
        Column("service_name", "text", "Serviço", "Service"),
        Column("priority", "text", "Prioridade", "Priority"),
        _STATUS,
        Column("channel", "text", "Canal", "Channel"),
        Column("coverage", "text", "Cobertura", "Coverage"),
        Column("assignee_id", "text", "Responsável", "Assignee"),
        Column("opened_at", "instant", "Abertura (UTC)", "Opened at (UTC)"),
        Column("resolved_at", "instant", "Resolução (UTC)", "Resolved at (UTC)"),
        Column("closed_at", "instant", "Fechamento (UTC)", "Closed at (UTC)"),
        Column("response_state", "text", "Prazo de resposta", "Response deadline"),
        Column("resolution_state", "text", "Prazo de resolução", "Resolution deadline"),
        Column("reopened", "number", "Reaberturas", "Reopened"),
        Column("request_id", "text", "Solicitação (id)", "Request id"),
    ),
    "get_channels": _sheet(
        "canais",
        "channels",
        _MONTH,
        Column("requests", "number", "Solicitações", "Requests"),
        Column("portal", "number", "Portal", "Portal"),
        Column("phone", "number", "Telefone", "Phone"),
        Column("email", "number", "E-mail", "E-mail"),
        Column("other", "number", "Outros", "Other"),
        Column("phone_share", "text", "Telefone (%)", "Phone (%)"),
    ),
    "list_deadline_figures": _sheet(
        "prazos",
        "deadlines",
        Column("key", "text", "Chave", "Key"),
        Column("name", "text", "Nome", "Name"),
        Column("requests", "number", "Solicitações", "Requests"),
        Column("left_out", "number", "Fora da conta", "Left out"),
        Column("active", "number", "Em aberto", "Active"),
        Column("reopened", "number", "Reabertas", "Reopened"),
        Column("response_met", "number", "Resposta no prazo", "Response met"),
        Column("response_breached", "number", "Resposta vencida", "Response breached"),
        Column("response_met_percent", "number", "Resposta no prazo (%)", "Response met (%)"),
        Column("response_average_minutes", "number", "Resposta média (min)", "Average response (min)"),
        Column("resolution_met", "number", "Solução no prazo", "Resolution met"),
        Column("resolution_breached", "number", "Solução vencida", "Resolution breached"),
        Column("resolution_met_percent", "number", "Solução no prazo (%)", "Resolution met (%)"),
        Column("resolution_average_minutes", "number", "Solução média (min)", "Average resolution (min)"),
        Column("resolution_longest_minutes", "number", "Solução mais longa (min)", "Longest resolution (min)"),
        Column("waited", "number", "Aguardaram o cliente", "Waited for the customer"),
        Column("waited_minutes", "number", "Espera (min)", "Waiting (min)"),
    ),
    "list_visits": _sheet(
        "visitas",
        "visits",
        Column("on", "day", "Dia", "Day"),
        Column("opens", "text", "De", "From"),
        Column("closes", "text", "Até", "Until"),
        *_CUSTOMER,
        _CONTRACT,
        Column("site_name", "text", "Local", "Site"),
        Column("service_name", "text", "Serviço", "Service"),
        Column("description", "text", "Descrição", "Description"),
        Column("kind", "text", "Tipo", "Kind"),
        _STATUS,
        Column("technician_id", "text", "Técnico", "Technician"),
        Column("reason", "text", "Motivo", "Reason"),
        Column("visit_id", "text", "Visita (id)", "Visit id"),
    ),
    "list_evaluations": _sheet(
        "avaliacoes",
        "evaluations",
        _PROTOCOL,
        *_CUSTOMER,
        _CONTRACT,
        _STATUS,
        Column("score", "number", "Nota", "Score"),
        Column("tacit", "flag", "Tácita", "Tacit"),
        Column("asked_at", "instant", "Pergunta (UTC)", "Asked at (UTC)"),
        Column("answered_at", "instant", "Resposta (UTC)", "Answered at (UTC)"),
        Column("follow_up", "text", "Acompanhamento", "Follow-up"),
        Column("evaluation_id", "text", "Avaliação (id)", "Evaluation id"),
    ),
    "list_satisfaction": _sheet(
        "satisfacao",
        "satisfaction",
        Column("key", "text", "Grupo", "Group"),
        Column("name", "text", "Nome", "Name"),
        Column("asked", "number", "Perguntas", "Asked"),
        Column("answered", "number", "Respostas", "Answered"),
        Column("tacit", "number", "Tácitas", "Tacit"),
        Column("contested", "number", "Contestadas", "Contested"),
        Column("rated", "number", "Notas", "Rated"),
        Column("low", "number", "Notas baixas", "Low scores"),
        *(Column(f"score_{score}", "number", f"Nota {score}", f"Score {score}") for score in range(1, 6)),
        Column("average", "money", "Média", "Average"),
        Column("csat_percent", "money", "CSAT (%)", "CSAT (%)"),
        Column("response_percent", "money", "Respostas (%)", "Response rate (%)"),
    ),
    "get_agenda": _sheet("agenda", "agenda", *_AGENDA),
    "get_whole_agenda": _sheet(
        "agenda-geral",
        "whole-agenda",
        Column("contract_number", "text", "Contrato", "Contract"),
        _CONTRACT,
        *_AGENDA,
    ),
    "get_statement": _movements("extrato-do-contrato", "contract-statement"),
    "get_customer_statement": _movements(
        "extrato-do-cliente",
        "customer-statement",
        Column("contract_number", "text", "Contrato", "Contract"),
        Column("number", "text", "Cobrança", "Receivable"),
        _DUE,
    ),
    "get_aging": _sheet(
        "vencimentos",
        "aging",
        Column("customer_id", "text", "Id do cliente", "Customer id"),
        _CONTRACT,
        Column("not_due", "total", "A vencer", "Not due"),
        Column("days_1_30", "total", "1 a 30 dias", "1-30 days"),
        Column("days_31_60", "total", "31 a 60 dias", "31-60 days"),
        Column("days_61_90", "total", "61 a 90 dias", "61-90 days"),
        Column("days_91", "total", "Mais de 90 dias", "More than 90 days"),
        Column("open", "total", "Em aberto", "Open"),
        Column("disputed", "total", "Contestado", "Disputed"),
        Column("receivables", "number", "Cobranças", "Receivables"),
    ),
    "get_forecast": _sheet(
        "previsao",
        "forecast",
        _MONTH,
        Column("issued", "total", "Emitido", "Issued"),
        Column("planned", "total", "Planejado", "Planned"),
        Column("expected", "total", "Esperado", "Expected"),
        rows="months",
    ),
    "get_revenue": _sheet(
        "receita",
        "revenue",
        _CONTRACT,
        _MONTH,
        Column("receivables", "number", "Cobranças", "Receivables"),
        Column("billed", "total", "Faturado", "Billed"),
        Column("withheld", "total", "Retido", "Withheld"),
        Column("net", "total", "Líquido", "Net"),
        Column("received", "total", "Recebido", "Received"),
        Column("credited", "total", "Creditado", "Credited"),
        Column("written_off", "total", "Baixado", "Written off"),
        Column("open", "total", "Em aberto", "Open"),
    ),
    "get_recurring_revenue": _sheet(
        "receita-recorrente",
        "recurring-revenue",
        _MONTH,
        Column("opening", "money", "Início", "Opening"),
        Column("new", "total", "Novos", "New"),
        Column("expansion", "total", "Expansão", "Expansion"),
        Column("contraction", "total", "Redução", "Contraction"),
        Column("churn", "total", "Perda", "Churn"),
        Column("reactivation", "total", "Reativação", "Reactivation"),
        Column("closing", "money", "Fim", "Closing"),
        rows="months",
    ),
    "get_months": _sheet(
        "meses",
        "months",
        _MONTH,
        Column("contracts", "number", "Contratos", "Contracts"),
        Column("receivables", "number", "Cobranças", "Receivables"),
        Column("billed", "total", "Faturado", "Billed"),
        Column("withheld", "total", "Retido", "Withheld"),
        Column("received", "total", "Recebido", "Received"),
        Column("credited", "total", "Creditado", "Credited"),
        Column("written_off", "total", "Baixado", "Written off"),
        rows="months",
    ),
}
"""By operation."""
