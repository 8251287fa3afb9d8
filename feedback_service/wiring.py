"""The only place where feedback's parts are put together."""

from __future__ import annotations

from operator import attrgetter

from feedback_service import queries, satisfaction, schemas
from feedback_service.domain import comments, evaluation
from feedback_service.domain.commands import ConfirmService, ContestService, EditRating, RateService
from feedback_service.domain.comment_messages import MakeComment
from feedback_service.policies import POLICIES
from feedback_service.preparing import know_the_author, know_the_speaker
from feedback_service.tables import METADATA
from feedback_service.upcasters import UPCASTERS
from feedback_service.views.comments import CommentsView
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
            Aggregate(
                category="comment",
                decider=comments.DECIDER,
                commands=comments.COMMANDS,
                events=comments.EVENTS,
                key=attrgetter("comment_id"),
                prepare={MakeComment: know_the_author},
            ),
        ),
        views=(EvaluationsView(), CommentsView(), TimersView()),
        remote_views=(ContractRulesView(),),
        policies=POLICIES,
        queries=(
            Query("evaluation", queries.evaluation, schemas.EvaluationQuery),
            Query("evaluations", queries.evaluations_list, schemas.EvaluationsQuery),
            Query("comment", queries.comment, schemas.CommentQuery),
            Query("comments", queries.comments_list, schemas.CommentsQuery),
            Query("csat", satisfaction.csat, schemas.CsatQuery),
            Query("satisfaction", satisfaction.satisfaction, schemas.SatisfactionQuery),
        ),
        upcasters=UPCASTERS,
        words=WORDS,
        metadata=METADATA,
    )
