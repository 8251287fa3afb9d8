"""The only place where feedback's parts are put together."""

from __future__ import annotations

from operator import attrgetter

from feedback_service import queries, schemas
from feedback_service.domain import evaluation
from feedback_service.domain.commands import ConfirmService, ContestService, EditRating, RateService
from feedback_service.policies import POLICIES
from feedback_service.preparing import know_the_speaker
from feedback_service.tables import METADATA
from feedback_service.upcasters import UPCASTERS
from feedback_service.views.contract_rules import ContractRulesView
from feedback_service.views.evaluations import EvaluationsView
from feedback_service.views.timers import TimersView
from feedback_service.words import WORDS
from services.component import Aggregate, Component, Query


def component() -> Component:
    return Component(
        name="feedback",
        aggregates=(
            Aggregate(
                category="evaluation",
                decider=evaluation.DECIDER,
                commands=evaluation.COMMANDS,
                events=evaluation.EVENTS,
                key=attrgetter("evaluation_id"),
                prepare=dict.fromkeys((ConfirmService, ContestService, RateService, EditRating), know_the_speaker),
            ),
        ),
        views=(EvaluationsView(), TimersView()),
        remote_views=(ContractRulesView(),),
        policies=POLICIES,
        queries=(
            Query("evaluation", queries.evaluation, schemas.EvaluationQuery),
            Query("evaluations", queries.evaluations_list, schemas.EvaluationsQuery),
            Query("csat", queries.csat, schemas.CsatQuery),
        ),
        upcasters=UPCASTERS,
        words=WORDS,
        metadata=METADATA,
    )
