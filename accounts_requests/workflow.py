"""THE gate: every act on a case goes through a function of this module, and through no other way.

Each function takes a keyword-only ``actor``, fetches and locks the case anew, asks role
(``permissions``) and record (``policies``), carries the act out in one transaction with its step
runs, deviations, papers owed, messages queued and its audit entry, and raises the sentences of
``exceptions`` when it must refuse. The functions live in ``acts/``, one module per part of the SOP.

    POST → form (shape) → workflow.<act>(case, *, actor, …)
    worker: claim → send → workflow.settle_message
"""

from accounts_requests.acts.accountability import (
    OutsideJudge,
    answer_deviations,
    answers_mark,
    judge_answer,
    record_outside_judgement,
)
from accounts_requests.acts.amending import DecreePaper, amend_decree
from accounts_requests.acts.archive_keeping import describe_file, file_mark, move_file
from accounts_requests.acts.archiving import archive
from accounts_requests.acts.bounces import record_bounce
from accounts_requests.acts.completeness import declare_complete
from accounts_requests.acts.deadlines import deadlines_due, look_at_deadline
from accounts_requests.acts.deciding import cancel, issue_decree, order_accounts
from accounts_requests.acts.decree_number import number_mark, set_decree_number
from accounts_requests.acts.destruction import decide_destruction, propose_destruction
from accounts_requests.acts.drafting import (
    create_request,
    edit_decree,
    submit_for_initials,
    unsaved_request,
)
from accounts_requests.acts.executing import (
    claim,
    mark_opened,
    outcome_mark,
    record_accounts,
    record_created,
    record_postponed,
    record_refused,
    return_to_head,
    take_over,
)
from accounts_requests.acts.gate import mark_of
from accounts_requests.acts.late_acts import LateDetails
from accounts_requests.acts.late_entries import (
    confirm_late_entry,
    propose_late_entry,
    record_late,
    refuse_late_entry,
)
from accounts_requests.acts.outside import MAY_BE_SENT_OUTSIDE, record_sent_outside
from accounts_requests.acts.password_ends import expire_password, open_link, passwords_due
from accounts_requests.acts.passwords import new_password, password_mark, reveal_password
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
    replaced_passwords,
    send_accounts,
    settle_message,
)
from accounts_requests.acts.sending_again import give_up, hand_over, resend
from accounts_requests.acts.signature_checks import certified_decrees, check_again, look_at_signed
from accounts_requests.acts.signing import (
    RETURNED_NAME,
    send_for_signing,
    settle_signing,
    withdraw_signing,
)
from accounts_requests.acts.stages import complete_stage, unlock_people

__all__ = [
    "MAY_BE_SENT_OUTSIDE",
    "RETURNED_NAME",
    "DecreeCorrection",
    "DecreePaper",
    "LateDetails",
    "OutsideJudge",
    "add_registrant",
    "amend_decree",
    "answer_deviations",
    "answers_mark",
    "archive",
    "attach_scan",
    "cancel",
    "certified_decrees",
    "check_again",
    "claim",
    "complete_stage",
    "confirm_late_entry",
    "create_request",
    "deadlines_due",
    "decide_destruction",
    "declare_complete",
    "describe_file",
    "detach_scan",
    "edit_decree",
    "edit_registrant",
    "expire_password",
    "file_mark",
    "give_up",
    "hand_over",
    "import_registrants",
    "issue_decree",
    "judge_answer",
    "look_at_deadline",
    "look_at_signed",
    "mark_of",
    "mark_opened",
    "mend_registrant",
    "move_file",
    "new_password",
    "number_mark",
    "open_link",
    "order_accounts",
    "outcome_mark",
    "password_mark",
    "passwords_due",
    "propose_destruction",
    "propose_late_entry",
    "record_accounts",
    "record_bounce",
    "record_created",
    "record_late",
    "record_outside_judgement",
    "record_postponed",
    "record_refused",
    "record_sent_outside",
    "refuse_late_entry",
    "remove_registrant",
    "replaced_passwords",
    "resend",
    "return_to_head",
    "reveal_password",
    "send_accounts",
    "send_for_signing",
    "set_decree_number",
    "settle_message",
    "settle_signing",
    "submit_for_initials",
    "take_over",
    "unlock_people",
    "unsaved_request",
    "withdraw_signing",
]
