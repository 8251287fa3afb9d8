"""The billing service, declared: the only place where its parts are put together."""

from __future__ import annotations

from operator import attrgetter

from billing_service import (
    bank_batches,
    bank_schemas,
    bank_words,
    batches,
    policies,
    printing,
    schemas,
    shared_payments,
    upcasters,
    words,
)
from billing_service.domain import account as rules
from billing_service.domain import bank_remittances, bank_row, billing_run, taxes
from billing_service.domain.commands import (
    AccrueLateCharges,
    BillMonth,
    BillThrough,
    IssueDue,
    RecordPayment,
    RenegotiateReceivables,
)
from billing_service.domain.prolonging import ChangeReceivableDueDay
from billing_service.domain.taking_over import TakeOverReceivable
from billing_service.views import (
    accounts,
    agenda,
    bank_rows,
    boletos,
    creditors,
    indices,
    journal,
    labels,
    late_rates,
    ledger,
    months,
    of_request,
    payments,
    preview,
    receivable_lists,
    receivables,
    recurring,
    reports,
    runs,
    what_if,
    withholding,
)
from billing_service.views.closed_days import ClosedDaysView, both, fill_closed
from billing_service.views.deadlines import DeadlinesView
from billing_service.views.issue_days import IssueDaysView
from billing_service.views.metadata import METADATA
from billing_service.views.receivable_facts import ReceivableFactsView
from services.component import Aggregate, Batch, Component, Query
from services.schemas import schema_of


def component() -> Component:
    return Component(
        name="billing",
        aggregates=(
            Aggregate(
                category="account",
                decider=rules.DECIDER,
                commands=rules.COMMANDS,
                events=rules.EVENTS,
                key=attrgetter("account_id"),
                prepare={
                    **dict.fromkeys(
                        (BillMonth, BillThrough, IssueDue), both(withholding.fill_withholding, fill_closed)
                    ),
                    **dict.fromkeys((RecordPayment, AccrueLateCharges), late_rates.fill_published),
                    **dict.fromkeys(
                        (RenegotiateReceivables, ChangeReceivableDueDay), both(late_rates.fill_published, fill_closed)
                    ),
                    TakeOverReceivable: fill_closed,
                },
                reads=dict.fromkeys((RecordPayment, AccrueLateCharges), late_rates.account_read),
                prefetch=dict.fromkeys((BillMonth, BillThrough), batches.bills_prefetch),
            ),
            Aggregate(
                category="taxes",
                decider=taxes.DECIDER,
                commands=taxes.COMMANDS,
                events=taxes.EVENTS,
                key=taxes.key,
            ),
            Aggregate(
                category="run",
                decider=billing_run.DECIDER,
                commands=billing_run.COMMANDS,
                events=billing_run.EVENTS,
                key=attrgetter("run_id"),
                prepare={
                    billing_run.StartRun: runs.fill_accounts,
                    billing_run.CheckRun: runs.fill_tally,
                    billing_run.ResumeRun: runs.fill_tally,
                },
            ),
            Aggregate(
                category="remittances",
                decider=bank_remittances.DECIDER,
                commands=bank_remittances.COMMANDS,
                events=bank_remittances.EVENTS,
                key=attrgetter("provider_id"),
            ),
            Aggregate(
                category="bankrow",
                decider=bank_row.DECIDER,
                commands=bank_row.COMMANDS,
                events=bank_row.EVENTS,
                key=attrgetter("row_id"),
            ),
        ),
        views=(
            accounts.AccountsView(),
            agenda.AgendaView(),
            receivables.ReceivablesView(),
            ReceivableFactsView(),
            payments.PaymentsView(),
            ledger.LedgerView(),
            months.MonthsView(),
            withholding.WithholdingView(),
            recurring.RecurringView(),
            runs.RunsView(),
            boletos.BoletosView(),
            boletos.RemittancesView(),
            bank_rows.BankRowsView(),
            DeadlinesView(),  # after accounts and receivables, which it reads
            IssueDaysView(),  # after accounts and agenda, which it reads
        ),
        remote_views=(creditors.CreditorsView(), labels.LabelsView(), indices.IndicesView(), ClosedDaysView()),
        policies=policies.POLICIES,
        queries=(
            Query("plan_preview", what_if.plan_preview, schema_of(what_if.PlanPreviewParams)),
            Query("account", accounts.account, schema_of(accounts.AccountParams)),
            Query(
                "billable", accounts.billable, schema_of(accounts.BillableParams, month=schemas.month(required=True))
            ),
            Query("defaults", accounts.defaults, schema_of(accounts.DefaultsParams)),
            Query("agenda", agenda.agenda, schema_of(agenda.AgendaParams)),
            Query("charges_of_request", of_request.charges_of_request, schema_of(of_request.OfRequestParams)),
            Query("receivable", receivables.receivable, schema_of(receivables.ReceivableParams)),
            Query("receivables", receivable_lists.list_receivables, schema_of(receivable_lists.ReceivablesParams)),
            Query("lateness", receivable_lists.lateness, schema_of(receivable_lists.LatenessParams)),
            Query("payments", payments.list_payments, schema_of(payments.PaymentsParams)),
            Query("payment_parts", payments.payment_parts, schema_of(payments.PartsParams)),
            Query("balance_on", ledger.balance_on, schema_of(ledger.BalanceParams)),
            Query("journal", journal.journal, schema_of(journal.JournalParams)),
            Query("statement", ledger.statement, schema_of(ledger.StatementParams)),
            Query("withholding_rates", withholding.rates, schema_of(withholding.RatesParams)),
            Query("withholder", withholding.withholder, schema_of(withholding.WithholderParams)),
            Query("aging", reports.aging, schema_of(reports.AgingParams)),
            Query("forecast", reports.forecast, schema_of(reports.ForecastParams)),
            Query("revenue", reports.revenue, schema_of(reports.RevenueParams)),
            Query("customer_statement", reports.customer_statement, schema_of(reports.CustomerStatementParams)),
            Query("mrr", recurring.mrr, schema_of(recurring.MrrParams)),
            Query("pix", creditors.pix, schema_of(creditors.PixParams)),
            Query("run", runs.run, schema_of(runs.RunParams)),
            Query("run_preview", preview.run_preview, schema_of(preview.PreviewParams)),
            Query("runs", runs.list_runs, schema_of(runs.RunsParams)),
            Query("totals", months.totals, schema_of(months.TotalsParams)),
            Query("boleto", boletos.boleto, schema_of(boletos.BoletoParams)),
            Query("pending_boletos", boletos.pending_boletos, schema_of(boletos.PendingParams)),
            Query("remittances", boletos.list_remittances, schema_of(boletos.RemittancesParams)),
            Query("remittance_file", boletos.remittance_file, schema_of(boletos.RemittanceFileParams)),
            Query("read_bank_file", bank_rows.read_bank_file, schema_of(bank_rows.ReadParams)),
            Query("bank_rows", bank_rows.list_bank_rows, schema_of(bank_rows.RowsParams)),
            Query("bank_row", bank_rows.bank_row_of, schema_of(bank_rows.RowParams)),
            Query("receivable_pdf", printing.receivable_pdf, schema_of(printing.PdfParams)),
        ),
        batches=(
            Batch(
                "bill",
                batches.bill,
                schemas.BillRecord,
                streams=batches.bill_streams,
                prefetch=batches.bill_prefetch,
            ),
            Batch("record_shared_payment", shared_payments.record, schemas.SharedPayment),
            Batch("reverse_shared_payment", shared_payments.reverse, schemas.SharedReversal),
            Batch("import_receivables", batches.import_receivable, schemas.ImportRecord),
            Batch("take_over_receivables", batches.take_over_receivable, schemas.TakeOverRecord),
            Batch("take_over_credits", batches.take_over_credit, schemas.TakeOverCreditRecord),
            Batch("import_bank_rows", bank_batches.import_row, bank_schemas.BankRowRecord),
            Batch("settle_bank_rows", bank_batches.settle_row, bank_schemas.SettleRecord),
            Batch("undo_bank_rows", bank_batches.undo_row, bank_schemas.UndoRecord),
            Batch("make_remittance", bank_batches.make_remittance, bank_schemas.RemittanceRecord),
        ),
        schemas=schemas.COMMANDS,
        upcasters=upcasters.UPCASTERS,
        words={**words.WORDS, **bank_words.WORDS},
        metadata=METADATA,
    )
