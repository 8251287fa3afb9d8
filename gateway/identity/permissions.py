"""The one table of permissions: operation × roles. What is not in it is forbidden to everybody.

``right``: a customer's contact also needs this right for the customer whose thing it is. That the thing belongs to a
customer for whom he speaks is checked where the thing is known (``api.scope``); what is foreign does not exist for him.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.identity.roles import ATTENDANT, CONTACT, FINANCE, INTEGRATION, MANAGER, OPERATOR, STAFF, TECHNICIAN


@dataclass(frozen=True, slots=True)
class Access:
    roles: frozenset[str]
    right: str | None = None


def _for(*roles: str, right: str | None = None) -> Access:
    return Access(frozenset(roles), right)


_EVERYBODY = Access(STAFF | {CONTACT, OPERATOR})
_STAFF = Access(STAFF | {OPERATOR})
_OFFICE = _for(ATTENDANT, FINANCE, MANAGER, OPERATOR)
_OFFICE_AND_CUSTOMER = _for(ATTENDANT, FINANCE, MANAGER, OPERATOR, CONTACT)
_DESK = _for(ATTENDANT, MANAGER)
_SERVICE = _for(ATTENDANT, TECHNICIAN, MANAGER)
_SERVICE_AND_CUSTOMER = _for(ATTENDANT, TECHNICIAN, MANAGER, CONTACT, right="requests")
_MONEY = _for(FINANCE, MANAGER)
_MONEY_READ = _for(ATTENDANT, FINANCE, MANAGER, OPERATOR, CONTACT, right="money")
_MANAGER = _for(MANAGER)
_IMPORT = _for(MANAGER, OPERATOR)
_OPERATOR = _for(OPERATOR)

PUBLIC = frozenset(
    {
        "front_page",
        "health",
        "health_live",
        "health_ready",
        "metrics",
        "openapi_document",
        "docs_page",
        "asyncapi_document",
        "events_page",
        "log_in",
        "get_calendar",
        "show_mailed",
        "show_mailed_pdf",
        "answer_mailed",
        "static",
    }
)
"""Operations without a caller."""

PERMISSIONS: dict[str, Access] = {
    "who_am_i": _EVERYBODY,
    "change_own_password": _EVERYBODY,
    # users
    "list_users": _MANAGER,
    "add_user": _MANAGER,
    "get_user": _MANAGER,
    "change_user": _MANAGER,
    "set_password": _MANAGER,
    # providers and catalogue
    "list_providers": _STAFF,
    "register_provider": _MANAGER,
    "get_provider": _STAFF,
    "change_bank": _MANAGER,
    "change_letterhead": _MANAGER,
    "list_service_types": _EVERYBODY,
    "define_service_type": _MANAGER,
    "retire_service_type": _MANAGER,
    # customers
    "list_customers": _EVERYBODY,
    "register_customer": _DESK,
    "get_customer": _EVERYBODY,
    "change_profile": _for(ATTENDANT, MANAGER, CONTACT, right="approval"),
    "authorise_contact": _for(ATTENDANT, MANAGER, CONTACT, right="approval"),
    "remove_contact": _for(ATTENDANT, MANAGER, CONTACT, right="approval"),
    "add_site": _DESK,
    "add_equipment": _DESK,
    "erase_customer": _MANAGER,
    # contracts
    "list_contracts": _EVERYBODY,
    "draft_contract": _MANAGER,
    "get_contract": _EVERYBODY,
    "change_terms": _MANAGER,
    "activate_contract": _MANAGER,
    "amend_contract": _MANAGER,
    "adjust_price": _MANAGER,
    "adjust_by_index": _MANAGER,
    "list_index_values": _OFFICE,
    "load_index_values": _for(FINANCE, MANAGER, OPERATOR),
    "list_holidays": _STAFF,
    "add_holiday": _MANAGER,
    "list_recalculations": _OFFICE,
    "remove_holiday": _MANAGER,
    "preview_adjustment": _MONEY,
    "adjust_contracts": _MANAGER,
    "preview_amendment": _MONEY,
    "amend_contracts": _MANAGER,
    "renew_contract": _MANAGER,
    "notify_suspension": _MONEY,
    "withdraw_suspension": _MONEY,
    "suspend_contract": _MONEY,
    "resume_contract": _MONEY,
    "approve_suspension": _MANAGER,
    "put_file": _EVERYBODY,
    "get_contract_text": _OFFICE_AND_CUSTOMER,
    "get_contract_pdf": _OFFICE_AND_CUSTOMER,
    "accept_contract": _for(CONTACT, right="approval"),
    "record_acceptance": _MANAGER,
    "tag_contract": _for(ATTENDANT, FINANCE, MANAGER),
    "attach_contract_document": _for(ATTENDANT, FINANCE, MANAGER, CONTACT, right="approval"),
    "get_contract_document": _OFFICE_AND_CUSTOMER,
    "remove_contract_document": _MANAGER,
    "list_templates": _OFFICE,
    "get_template": _OFFICE,
    "define_template": _MANAGER,
    "change_template": _MANAGER,
    "retire_template": _MANAGER,
    "draft_from_template": _MANAGER,
    "copy_contract": _MANAGER,
    "change_number_series": _MANAGER,
    "terminate_contract": _MANAGER,
    "give_notice": _for(ATTENDANT, MANAGER, CONTACT, right="approval"),
    "withdraw_notice": _MANAGER,
    "offer_renewal": _MANAGER,
    "approve_renewal": _for(MANAGER, CONTACT, right="approval"),
    "decline_renewal": _for(MANAGER, CONTACT, right="approval"),
    "undo_change": _MANAGER,
    "list_renewals": _OFFICE,
    "list_expiring": _OFFICE,
    "list_due_adjustments": _MONEY,
    "preview_contract": _MONEY,
    "list_suspensions": _for(FINANCE, MANAGER, OPERATOR),
    "get_coverage": _EVERYBODY,
    # money
    "get_account": _MONEY_READ,
    "get_agenda": _for(FINANCE, MANAGER, OPERATOR),
    "get_statement": _MONEY_READ,
    "get_balance": _for(FINANCE, MANAGER, OPERATOR),
    "get_lateness": _for(FINANCE, MANAGER, OPERATOR),
    "get_months": _for(FINANCE, MANAGER, OPERATOR),
    "list_receivables": _MONEY_READ,
    "get_receivable": _MONEY_READ,
    "dispute_receivable": _for(FINANCE, MANAGER, CONTACT, right="money"),
    "resolve_dispute": _MONEY,
    "write_off_receivable": _MONEY,
    "change_receivable_due_day": _MONEY,
    "accrue_late_charges": _MONEY,
    "issue_credit_note": _MONEY,
    "add_charge": _MONEY,
    "list_payments": _MONEY_READ,
    "record_payment": _MONEY,
    "reverse_payment": _MONEY,
    "record_shared_payment": _MONEY,
    "get_shared_payment": _for(FINANCE, MANAGER, OPERATOR),
    "reverse_shared_payment": _MONEY,
    "allocate_credit": _MONEY,
    "withdraw_charge": _MONEY,
    "correct_use": _MONEY,
    "grant_credit": _MONEY,
    "refund_credit": _MONEY,
    "hold_charge": _MONEY,
    "release_charge": _MONEY,
    "move_charge": _MONEY,
    "change_charge_due_day": _MONEY,
    "renegotiate_receivables": _MONEY,
    "cancel_receivable": _MONEY,
    "note_nfse": _MONEY,
    "get_boleto": _MONEY_READ,
    "get_receivable_pdf": _MONEY_READ,
    "import_bank_file": _for(FINANCE, MANAGER, OPERATOR),
    "list_bank_rows": _MONEY,
    "get_bank_row": _MONEY,
    "settle_bank_row": _MONEY,
    "ignore_bank_row": _MONEY,
    "undo_bank_row": _MONEY,
    "list_pending_boletos": _MONEY,
    "list_remittances": _MONEY,
    "make_remittance": _MONEY,
    "get_remittance_file": _MONEY,
    "get_pix": _MONEY_READ,
    "get_customer_statement": _MONEY_READ,
    "get_withholding": _for(FINANCE, MANAGER, OPERATOR),
    "set_customer_withholding": _MONEY,
    "list_withholding_rates": _for(FINANCE, MANAGER, OPERATOR),
    "load_withholding_rates": _MONEY,
    "get_aging": _for(FINANCE, MANAGER, OPERATOR),
    "get_forecast": _for(FINANCE, MANAGER, OPERATOR),
    "get_revenue": _for(FINANCE, MANAGER, OPERATOR),
    "get_recurring_revenue": _for(FINANCE, MANAGER, OPERATOR),
    "run_billing": _for(FINANCE, MANAGER, OPERATOR),
    "start_billing_run": _MONEY,
    "list_billing_runs": _for(FINANCE, MANAGER, OPERATOR),
    "get_billing_run": _for(FINANCE, MANAGER, OPERATOR),
    "preview_billing_run": _for(FINANCE, MANAGER, OPERATOR),
    "resume_billing_run": _MONEY,
    # requests
    "list_requests": _EVERYBODY,
    "count_requests": _EVERYBODY,
    "get_statistics": _EVERYBODY,
    "open_request": _for(ATTENDANT, TECHNICIAN, MANAGER, CONTACT, right="requests"),
    "get_request": _EVERYBODY,
    "complete_request": _SERVICE,
    "classify_request": _DESK,
    "assign_request": _DESK,
    "start_request": _SERVICE,
    "wait_for_customer": _SERVICE,
    "resume_request": _SERVICE,
    "add_note": _SERVICE_AND_CUSTOMER,
    "attach_document": _SERVICE_AND_CUSTOMER,
    "record_work": _SERVICE,
    "resolve_request": _SERVICE,
    "close_request": _DESK,
    "reopen_request": _for(ATTENDANT, MANAGER, CONTACT, right="requests"),
    "cancel_request": _for(ATTENDANT, MANAGER, CONTACT, right="requests"),
    # visits
    "list_visits": _EVERYBODY,
    "schedule_visit": _SERVICE,
    "move_visit": _for(ATTENDANT, TECHNICIAN, MANAGER, CONTACT, right="requests"),
    "assign_visit": _DESK,
    "start_visit": _SERVICE,
    "finish_visit": _SERVICE,
    "miss_visit": _SERVICE,
    "cancel_visit": _for(ATTENDANT, MANAGER, CONTACT, right="requests"),
    "make_calendar_link": _EVERYBODY,
    # evaluations
    "list_evaluations": _EVERYBODY,
    "get_evaluation": _for(ATTENDANT, FINANCE, MANAGER, OPERATOR, CONTACT),
    "get_satisfaction": _OFFICE_AND_CUSTOMER,
    "confirm_service": _for(ATTENDANT, MANAGER, CONTACT),
    "contest_service": _for(ATTENDANT, MANAGER, CONTACT),
    "rate_service": _for(ATTENDANT, MANAGER, CONTACT),
    "edit_rating": _for(ATTENDANT, MANAGER, CONTACT),
    "list_satisfaction": _OFFICE,
    "moderate_evaluation": _MANAGER,
    "reply_to_evaluation": _DESK,
    "make_comment": _for(ATTENDANT, MANAGER, CONTACT),
    "list_comments": _OFFICE_AND_CUSTOMER,
    "get_comment": _OFFICE_AND_CUSTOMER,
    "moderate_comment": _MANAGER,
    "reply_to_comment": _DESK,
    "start_follow_up": _DESK,
    "finish_follow_up": _DESK,
    # documents
    "get_customer_statement_pdf": _MONEY_READ,
    "get_contract_month_pdf": _MONEY_READ,
    # books
    "get_accounting": _for(FINANCE, MANAGER, OPERATOR),
    "list_plan_accounts": _for(FINANCE, MANAGER, OPERATOR),
    "change_plan_account": _MONEY,
    # mail
    "list_mail": _for(MANAGER, OPERATOR),
    "get_mail": _for(MANAGER, OPERATOR),
    "send_mail_again": _for(MANAGER, OPERATOR),
    "list_mail_texts": _OFFICE,
    "change_mail_text": _MANAGER,
    "reset_mail_text": _MANAGER,
    "preview_mail_text": _OFFICE,
    # imports
    "import_records": _IMPORT,
    # other systems
    "list_api_keys": _for(MANAGER, OPERATOR),
    "add_api_key": _for(MANAGER, OPERATOR),
    "revoke_api_key": _for(MANAGER, OPERATOR),
    "read_service_feed": _for(INTEGRATION, OPERATOR),
    "get_feed_heads": _for(INTEGRATION, OPERATOR),
    # operations
    "system_state": _OPERATOR,
    "system_lag": _for(OPERATOR, MANAGER),
    "get_operations": _OPERATOR,
    "read_feed": _OPERATOR,
    "read_stream": _OPERATOR,
    "operate_service": _OPERATOR,
}
