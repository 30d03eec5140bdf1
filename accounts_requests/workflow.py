"""THE gate: every act on a case goes through a function of this module, and through no other way.

Each function takes a keyword-only ``actor``, fetches and locks the case anew, asks role
(``permissions``) and record (``policies``), carries the act out in one transaction with its step
runs, deviations, papers owed, messages queued and its audit entry, and raises the sentences of
``exceptions`` when it must refuse. The functions live in ``acts/``, one module per part of the SOP.

    POST → form (shape) → workflow.<act>(case, *, actor, …)
    worker: claim → send → workflow.settle_message
"""

from accounts_requests.acts.archiving import archive
from accounts_requests.acts.deciding import cancel, issue_decree, order_accounts
from accounts_requests.acts.drafting import (
    complete_stage,
    create_request,
    edit_decree,
    set_decree_number,
    submit_for_initials,
    unlock_people,
)
from accounts_requests.acts.executing import (
    claim,
    mark_opened,
    new_password,
    record_accounts,
    record_created,
    record_postponed,
    record_refused,
    return_to_head,
    reveal_password,
    take_over,
)
from accounts_requests.acts.gate import mark_of
from accounts_requests.acts.people import (
    DecreeCorrection,
    add_registrant,
    attach_scan,
    detach_scan,
    edit_registrant,
    import_registrants,
    mend_registrant,
    remove_registrant,
)
from accounts_requests.acts.sending import (
    give_up,
    hand_over,
    resend,
    send_accounts,
    settle_message,
)

__all__ = [
    "DecreeCorrection",
    "add_registrant",
    "archive",
    "attach_scan",
    "cancel",
    "claim",
    "complete_stage",
    "create_request",
    "detach_scan",
    "edit_decree",
    "edit_registrant",
    "give_up",
    "hand_over",
    "import_registrants",
    "issue_decree",
    "mark_of",
    "mark_opened",
    "mend_registrant",
    "new_password",
    "order_accounts",
    "record_accounts",
    "record_created",
    "record_postponed",
    "record_refused",
    "remove_registrant",
    "resend",
    "return_to_head",
    "reveal_password",
    "send_accounts",
    "set_decree_number",
    "settle_message",
    "submit_for_initials",
    "take_over",
    "unlock_people",
]
