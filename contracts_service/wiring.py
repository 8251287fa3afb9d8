"""The contracts service, declared: the only place where its parts are put together."""

from __future__ import annotations

from operator import attrgetter

from contracts_service import bulk, importing, policies, preparing, schemas, upcasters, words
from contracts_service.domain import contract, customer, holiday, price_index, provider, service_type, template
from contracts_service.views import (
    contract_queries,
    customer_queries,
    due_adjustments,
    holidays,
    indices,
    previews,
    providers,
    service_types,
    templates,
    texts,
    whole_previews,
    work_lists,
)
from contracts_service.views.contracts import ContractsView
from contracts_service.views.customers import CustomersView
from contracts_service.views.deadlines import DeadlinesView
from contracts_service.views.indices import IndicesView
from contracts_service.views.metadata import METADATA
from contracts_service.views.papers import PapersView
from services.component import Aggregate, Batch, Component, Query
from services.schemas import schema_of


def component() -> Component:
    return Component(
        name="contracts",
        aggregates=(
            _aggregate("provider", provider, "provider_id"),
            _aggregate("customer", customer, "customer_id"),
            _aggregate("servicetype", service_type, "service_type_id"),
            _aggregate("template", template, "template_id"),
            _aggregate("index", price_index, "index"),
            _aggregate("holiday", holiday, "holiday_id"),
            _aggregate("contract", contract, "contract_id"),
        ),
        views=(
            providers.ProvidersView(),
            CustomersView(),
            service_types.ServiceTypesView(),
            templates.TemplatesView(),
            IndicesView(),
            holidays.HolidaysView(),
            ContractsView(),
            PapersView(),
            DeadlinesView(),
        ),
        policies=policies.POLICIES,
        queries=(
            Query("contract", contract_queries.one_contract, schema_of(contract_queries.ContractQuestion)),
            Query("contracts", contract_queries.list_contracts, schema_of(contract_queries.ContractsQuestion)),
            Query("renewals", work_lists.list_renewals, schema_of(work_lists.RenewalsQuestion)),
            Query(
                "due_adjustments",
                due_adjustments.list_due_adjustments,
                schema_of(due_adjustments.DueAdjustmentsQuestion),
            ),
            Query("contract_preview", whole_previews.preview_contract, schema_of(whole_previews.PreviewQuestion)),
            Query("suspensions", work_lists.list_suspensions, schema_of(work_lists.SuspensionsQuestion)),
            Query("contract_text", texts.contract_text, schema_of(texts.TextQuestion)),
            Query("contract_pdf", texts.contract_pdf, schema_of(texts.PdfQuestion)),
            Query("templates", templates.list_templates, schema_of(templates.TemplatesQuestion)),
            Query("template", templates.one_template, schema_of(templates.TemplateQuestion)),
            Query("index_values", indices.list_index_values, schema_of(indices.IndexQuestion)),
            Query("holidays", holidays.list_holidays, schema_of(holidays.HolidaysQuestion)),
            Query("adjustment_preview", previews.preview_adjustment, schema_of(previews.AdjustmentPreviewQuestion)),
            Query("amendment_preview", previews.preview_amendment, schema_of(previews.AmendmentPreviewQuestion)),
            Query("customer", customer_queries.one_customer, schema_of(customer_queries.CustomerQuestion)),
            Query("customers", customer_queries.list_customers, schema_of(customer_queries.CustomersQuestion)),
            Query("find_people", customer_queries.find_people, schema_of(customer_queries.CallerQuestion)),
            Query("people", customer_queries.names_of_people, schema_of(customer_queries.PeopleQuestion)),
            Query("service_types", service_types.list_service_types, schema_of(service_types.ServiceTypesQuestion)),
            Query("providers", providers.list_providers, schema_of(providers.ProvidersQuestion)),
        ),
        batches=(
            Batch(
                "import_contracts",
                importing.import_contract,
                schemas.ImportRecord,
                streams=importing.import_streams,
                prefetch=importing.import_prefetch,
            ),
            Batch("adjust_prices", bulk.adjust, schema_of(bulk.Adjustment)),
            Batch("amend_contracts", bulk.amend, schema_of(bulk.Amendment)),
        ),
        schemas=schemas.COMMANDS,
        upcasters=upcasters.UPCASTERS,
        words=words.WORDS,
        metadata=METADATA,
    )


def _aggregate(category: str, rules: object, key: str) -> Aggregate:
    commands: tuple[type, ...] = rules.COMMANDS  # type: ignore[attr-defined]
    return Aggregate(
        category=category,
        decider=rules.DECIDER,  # type: ignore[attr-defined]
        commands=commands,
        events=rules.EVENTS,  # type: ignore[attr-defined]
        key=attrgetter(key),
        prepare={cls: prepare for cls, prepare in preparing.PREPARE.items() if cls in commands},
        reads={cls: reads for cls, reads in preparing.READS.items() if cls in commands},
    )
