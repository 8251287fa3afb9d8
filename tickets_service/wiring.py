"""The only place where the parts of the tickets service are put together."""

from __future__ import annotations

from operator import attrgetter

from services.component import Aggregate, Batch, Component, Query, Worker
from services.schemas import schema_of
from tickets_service import (
    avoiding,
    chain,
    detail,
    document_fields,
    figures,
    queries,
    recalculating,
    schemas,
    visit_detail,
)
from tickets_service.batches import import_requests
from tickets_service.domain import request
from tickets_service.domain import visits as visit_rules
from tickets_service.domain.commands import OpenRequest
from tickets_service.policies import POLICIES
from tickets_service.preparing import PREPARE, PREPARE_VISITS, opening_reads
from tickets_service.tables import METADATA
from tickets_service.upcasters import UPCASTERS
from tickets_service.views.closed_days import ClosedDaysView
from tickets_service.views.coverage import CoverageView
from tickets_service.views.links import LinksView
from tickets_service.views.requests import RequestsView
from tickets_service.views.timers import TimersView
from tickets_service.views.usage import UsageView
from tickets_service.views.visits import VisitParams, VisitsParams, VisitsView, list_visits
from tickets_service.words import WORDS, named


def component() -> Component:
    return Component(
        name="tickets",
        aggregates=(
            Aggregate(
                category="request",
                decider=request.DECIDER,
                commands=request.COMMANDS,
                events=request.EVENTS,
                key=attrgetter("request_id"),
                prepare=PREPARE,
                reads={OpenRequest: opening_reads},
            ),
            Aggregate(
                category="visits",
                decider=visit_rules.DECIDER,
                commands=visit_rules.COMMANDS,
                events=visit_rules.EVENTS,
                key=attrgetter("contract_id"),
                prepare=PREPARE_VISITS,
            ),
        ),
        views=(RequestsView(), UsageView(), LinksView(), TimersView(), VisitsView()),
        remote_views=(CoverageView(), ClosedDaysView()),
        policies=POLICIES,
        workers=(Worker("recalculator", recalculating.worker, 2.0),),
        queries=(
            Query("recalculations", recalculating.list_recalculations),
            Query("request", detail.request, schemas.RequestQuery),
            Query("requests", queries.requests_list, schemas.RequestsQuery),
            Query("coverage", queries.coverage, schemas.CoverageQuery),
            Query("request_chain", chain.request_chain, schema_of(chain.ChainParams)),
            Query("visit", visit_detail.visit, schema_of(VisitParams)),
            Query("visits", list_visits, schema_of(VisitsParams)),
            Query("request_fields", document_fields.fields, schemas.RequestQuery),
            Query("channels", queries.channels, schemas.ChannelsQuery),
            Query("figures", figures.figures, schemas.FiguresQuery),
            Query("statistics", queries.statistics, schemas.StatisticsQuery),
        ),
        batches=(
            Batch("import_requests", import_requests, schemas.IMPORT),
            Batch(
                "avoid_closed_days", avoiding.avoid, streams=avoiding.avoid_streams, prefetch=avoiding.avoid_prefetch
            ),
            Batch(
                "recompute_deadlines",
                recalculating.recompute,
                streams=recalculating.recompute_streams,
                prefetch=recalculating.recompute_prefetch,
            ),
        ),
        schemas=schemas.COMMANDS,
        upcasters=UPCASTERS,
        words=WORDS,
        named=named,
        metadata=METADATA,
    )
