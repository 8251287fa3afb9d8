"""A contract's terms as they are sent: what is left out has the contract's usual default."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from gateway.api.schemas import common
from gateway.api.schemas.common import amount, choice, day, id_field, text

CHANNELS = ("portal", "phone", "email")
EVIDENCE = ("signed_order", "photo", "email", "delivery_report", "portal_confirmation")
LEVELS = ("high", "medium", "low")
PRIORITIES = ("critical", "high", "medium", "low")
OPTIONAL_DAYS = ("carnival", "ash_wednesday", "corpus_christi", "christmas_eve", "new_years_eve")
TOLD = ("assignee", "attendant", "technician", "manager", "contact")
RULES = ("daily", "weekly", "thirty_days", "monthly", "monthly_last_day", "quarterly", "semesterly", "yearly")


class Target(Schema):
    priority = choice(*PRIORITIES, required=True)
    response_minutes = fields.Integer(required=True, validate=validate.Range(1))
    resolution_minutes = fields.Integer(required=True, validate=validate.Range(1))


class ServiceTerms(Schema):
    service_type_id = id_field(required=True)
    code = text(40, required=True)
    name = text(200, required=True)
    calendar = choice("business", "24x7")
    channels = fields.List(choice(*CHANNELS))
    targets = fields.List(fields.Nested(Target))
    included_quantity = amount(allow_none=True, metadata={"description": "per month; null: no limit", "example": "20"})
    unit = choice("hour", "visit", "request")
    overage_unit_price = amount(allow_none=True, metadata={"description": "null: nothing beyond what is included"})
    evidence = fields.List(choice(*EVIDENCE))
    tacit_confirmation = fields.Boolean(
        metadata={"description": "the customer's silence counts as his confirmation (default)", "example": True}
    )


class Interval(Schema):
    weekday = fields.Integer(required=True, validate=validate.Range(0, 6), metadata={"description": "0: Monday"})
    opens = fields.String(required=True, metadata={"example": "08:00"})
    closes = fields.String(required=True, metadata={"example": "18:00"})


class Calendar(Schema):
    intervals = fields.List(fields.Nested(Interval))
    holidays = fields.List(day(), metadata={"description": "closed days of this contract alone"})
    national = fields.Boolean(metadata={"description": "closed on Brazil's national holidays (default)"})
    of_state = fields.Boolean(metadata={"description": "closed on the holidays of the contract's state (default)"})
    company = fields.Boolean(metadata={"description": "closed on the days of the company's own table (default)"})
    optional = fields.List(choice(*OPTIONAL_DAYS), metadata={"description": "optional days that were agreed"})


class EscalationStep(Schema):
    """Who is told of a deadline that comes near or has passed: at a percentage of the target, or so many minutes of
    business time after the due instant (negative: before it)."""

    level = fields.Integer(required=True, validate=validate.Range(1, 9), metadata={"example": 1})
    clock = choice("response", "resolution", metadata={"description": "which deadline (default: resolution)"})
    percent = fields.Integer(
        allow_none=True,
        validate=validate.Range(1, 1000),
        metadata={"description": "of the target: 80 warns, 100 is the due instant", "example": 80},
    )
    minutes = fields.Integer(allow_none=True, metadata={"description": "after the due instant; negative: before it"})
    role = choice(
        *TOLD, allow_none=True, metadata={"description": "everybody with it; `assignee`, `contact`: that one"}
    )
    user_id = id_field(allow_none=True, metadata={"description": "instead of a role: this user"})
    channel = choice("email")
    any_hour = fields.Boolean(metadata={"description": "told at night and on holidays, too"})
    service_type_id = id_field(
        allow_none=True, metadata={"description": "null: for every service without its own step"}
    )


class Discount(Schema):
    """Off the price of a whole period: the percentage first, then the amount."""

    percent = amount(metadata={"example": "10"})
    amount = amount(metadata={"example": "50.00"})
    starts_on = day(allow_none=True, metadata={"description": "its first day; null: from the beginning"})
    ends_on = day(allow_none=True, metadata={"description": "its last day; null: without end", "example": "2026-12-31"})
    reason = fields.String(metadata={"example": "Fidelidade do primeiro ano"})


class Line(Schema):
    line_id = id_field(required=True)
    clause = text(20, required=True, metadata={"example": "4.1"})
    description = text(400, required=True)
    amount = common.amount(required=True)
    kind = choice("recurring", "per_use", "one_off")
    rule = choice(*RULES)
    interval = fields.Integer(validate=validate.Range(1))
    mode = choice("advance", "arrears")
    anchor_day = fields.Integer(allow_none=True, validate=validate.Range(1, 31))
    proration = choice("actual", "commercial_30")
    starts_on = day(allow_none=True)
    ends_on = day(allow_none=True)
    service_type_id = id_field(
        allow_none=True, metadata={"description": "of which service; null on a line per use: the price of a part"}
    )
    site_ids = fields.List(id_field(), metadata={"description": "for which sites it is owed; none: all"})
    equipment_ids = fields.List(id_field())
    discounts = fields.List(fields.Nested(Discount), metadata={"description": "of a recurring line"})
    minimum = common.amount(
        allow_none=True, metadata={"description": "a whole period costs at least this", "example": "300.00"}
    )
    ceiling = common.amount(
        allow_none=True, metadata={"description": "a period costs at most this; per use: all its uses together"}
    )
    included_quantity = common.amount(
        allow_none=True, metadata={"description": "per use: so much of each period is free", "example": "10"}
    )
    offset_days = fields.Integer(
        allow_none=True,
        validate=validate.Range(-90, 90),
        metadata={"description": "bill day: days after the period's first day (advance) or last day (arrears)"},
    )
    align = choice(
        "anniversary", "calendar", metadata={"description": "`calendar`: periods are civil weeks, months, quarters …"}
    )
    billed_through = day(
        allow_none=True,
        metadata={
            "description": "of a recurring line that the former system billed further than `billing.billed_through`",
            "example": "2026-12-31",
        },
    )


class Billing(Schema):
    due_days = fields.Integer(validate=validate.Range(0, 120))
    business_day_rule = choice("next", "none")
    first_bill = choice("all", "month")
    billed_through = day(
        allow_none=True,
        metadata={
            "description": (
                "the last day that the former system billed: nothing up to it is charged here. At a period's end what "
                "follows are whole periods; within one, its rest is prorated by the line's rule"
            ),
            "example": "2026-11-30",
        },
    )
    issue = choice(
        "by_run", "automatic", metadata={"description": "charges issue themselves on their bill day, or runs do"}
    )
    issue_hour = fields.String(
        validate=validate.Regexp(r"^([01]\d|2[0-3]):[0-5]\d$"),
        metadata={"example": "06:00", "description": "when charges issue themselves, in the contract's time zone"},
    )


class Late(Schema):
    fine_percent = amount(metadata={"example": "2"})
    interest_percent_month = amount(metadata={"example": "1"})
    interest = choice("agreed", "legal", metadata={"description": "legal: the published taxa legal, as none is agreed"})
    correction = choice("none", "ipca", "igpm", metadata={"description": "the index by which a late debt is corrected"})


class DunningLevel(Schema):
    level = fields.Integer(required=True)
    days = fields.Integer(required=True, metadata={"description": "after the due day; negative: before it"})
    channel = choice(*CHANNELS)
    text = fields.String(
        validate=validate.Length(max=2000),
        metadata={"description": "the reminder's words; empty: the company's usual ones"},
    )


class Default(Schema):
    days = fields.Integer(allow_none=True, metadata={"description": "in default after so many days; null: never"})
    suspend = fields.Boolean()
    notice_days = fields.Integer()
    approval = fields.Boolean(metadata={"description": "a manager approves the suspension when its notice has run"})


class Suspending(Schema):
    requests = choice("pause", "continue", metadata={"description": "what happens to open requests"})
    visits = choice("cancel", "keep")
    give_back = choice(
        "prorate", "nothing", "extend", metadata={"description": "days without services: credited, charged, at the end"}
    )


class Leaving(Schema):
    fine_percent = amount(metadata={"description": "of the charges of the rest of the term", "example": "20"})
    minimum_months = fields.Integer(allow_none=True, validate=validate.Range(1))


class Adjusting(Schema):
    index = choice("ipca", "igpm", allow_none=True)
    lag_months = fields.Integer(validate=validate.Range(0, 12))
    floor_zero = fields.Boolean(metadata={"description": "prices do not fall with a negative index"})
    month = fields.Integer(
        allow_none=True,
        validate=validate.Range(1, 12),
        metadata={
            "description": "the month of the adjustment by index, never sooner than the law allows",
            "example": 5,
        },
    )
    last_on = day(
        allow_none=True,
        metadata={
            "description": "of a contract that comes from another system: its last adjustment there; the twelve months "
            "count from it",
            "example": "2026-05-01",
        },
    )


class NoticeRule(Schema):
    """Who is told of what by which channel."""

    topic = choice("request", "visit", "charge", "dunning", "contract", "evaluation", required=True)
    channel = choice(*CHANNELS)
    rights = fields.List(
        choice("requests", "money", "approval"), metadata={"description": "contacts with one of them; none: all"}
    )


class Communication(Schema):
    authorised_only = fields.Boolean()
    channels = fields.List(choice(*CHANNELS))
    notices = fields.List(fields.Nested(NoticeRule))
    opens = fields.String(metadata={"description": "nobody is written to before", "example": "08:00"})
    closes = fields.String(metadata={"description": "nor after", "example": "20:00"})
    language = choice("pt-BR", "en")


class VisitPlan(Schema):
    """Visits that are due without a request."""

    plan_id = id_field(required=True)
    service_type_id = id_field(required=True)
    description = fields.String(metadata={"example": "Preventiva mensal"})
    per_month = fields.Integer(validate=validate.Range(1, 31), metadata={"example": 2})
    weekdays = fields.List(
        fields.Integer(validate=validate.Range(0, 6)),
        metadata={"description": "0: Monday; none: any", "example": [1, 3]},
    )
    opens = fields.String(metadata={"example": "08:00"})
    closes = fields.String(metadata={"example": "12:00"})
    site_id = id_field(allow_none=True)
    equipment_ids = fields.List(id_field())


class PriorityRule(Schema):
    impact = choice(*LEVELS, required=True)
    urgency = choice(*LEVELS, required=True)
    priority = choice(*PRIORITIES, required=True)


class RequestRules(Schema):
    reopen_days = fields.Integer(
        allow_none=True,
        validate=validate.Range(0),
        metadata={"description": "how long a resolved request can be opened again; null: no limit", "example": 10},
    )
    emergency_limit = amount(
        allow_none=True,
        metadata={"description": "up to this price a critical request is served before the price is accepted"},
    )
    priorities = fields.List(
        fields.Nested(PriorityRule),
        metadata={"description": "cells of impact × urgency that differ from the usual matrix"},
    )
    document_mb = fields.Integer(
        allow_none=True,
        validate=validate.Range(1, 25),
        metadata={"description": "the largest file of a request; null: 25 MB", "example": 10},
    )
    accept_excess = fields.Boolean(
        metadata={
            "description": "also what goes beyond the included quantity during a covered service is charged only once"
            " the customer accepts it; false: the contract's price holds for it"
        }
    )


class EvaluationRules(Schema):
    ask = fields.Boolean()
    delay_hours = fields.Integer(validate=validate.Range(0))
    remind_hours = fields.Integer(validate=validate.Range(0))
    tacit_days = fields.Integer(validate=validate.Range(1))
    score_limit = fields.Integer(validate=validate.Range(1, 5))
    edit_hours = fields.Integer(validate=validate.Range(0))
    channel = choice(*CHANNELS, metadata={"description": "by which the customer is asked"})
    expiry_days = fields.Integer(
        allow_none=True, validate=validate.Range(1), metadata={"description": "then nothing is answered any more"}
    )
    comment_below = fields.Integer(
        validate=validate.Range(0, 6), metadata={"description": "a score below it needs a comment", "example": 3}
    )


class Terms(Schema):
    starts_on = day(required=True)
    ends_on = day(allow_none=True)
    renewal = choice("none", "tacit", "approval")
    renewal_months = fields.Integer(validate=validate.Range(1))
    notice_days = fields.Integer(validate=validate.Range(0))
    time_zone = fields.String(metadata={"example": "America/Sao_Paulo"})
    state = fields.String(metadata={"example": "SP"})
    services = fields.List(fields.Nested(ServiceTerms))
    calendar = fields.Nested(Calendar)
    lines = fields.List(fields.Nested(Line))
    billing = fields.Nested(Billing)
    late = fields.Nested(Late)
    dunning = fields.List(fields.Nested(DunningLevel))
    default = fields.Nested(Default)
    communication = fields.Nested(Communication)
    evaluation = fields.Nested(EvaluationRules)
    offer_days = fields.Integer(
        validate=validate.Range(0),
        metadata={"description": "renewal by approval: offered so many days before the last day for notice"},
    )
    suspension = fields.Nested(Suspending)
    leaving = fields.Nested(Leaving)
    adjustment = fields.Nested(Adjusting)
    visit_plan = fields.List(fields.Nested(VisitPlan))
    requests = fields.Nested(RequestRules)
    escalation = fields.List(
        fields.Nested(EscalationStep), metadata={"description": "who is told of deadlines, by level"}
    )
