"""Everything that is recorded of one case, read once, in a number of queries that never grows."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Exists, OuterRef

from accounts_requests import audit
from accounts_requests.deviation_states import with_state
from accounts_requests.documents.paper import enumerated, kinds_of
from accounts_requests.models import (
    Account,
    AccountRequest,
    AuditEntry,
    CaseNote,
    Credential,
    Deviation,
    Document,
    LateEntry,
    Message,
    Registrant,
    SopStep,
    StageRun,
    StepRun,
)
from accounts_requests.next_steps import Progress
from accounts_requests.states import (
    CLOSED_STATES,
    STEP4_NEEDS_A_PERSON,
    UNSENT_MESSAGES,
    AccountState,
    Act,
    CaseState,
    DocumentKind,
    DocumentState,
    MessageState,
)

# The history of a case of 200 people holds a thousand acts; the page shows the newest.
HISTORY_SHOWN = 300


# Where a password waits in the hands of Admin PPE, and may be destroyed for its age.
LOSES_PASSWORDS = (CaseState.ORDERED, CaseState.ACCOUNTS_CREATED)
AWAITS_HAND_OVER = (AccountState.PENDING, AccountState.CREATED, *STEP4_NEEDS_A_PERSON)


@dataclass(frozen=True, kw_only=True)
class CaseRecord:
    """The rows of a case, each in its own order; people carry their ``account`` where it exists."""

    case: AccountRequest
    steps: list[SopStep]
    runs: list[StepRun]
    stages: list[StageRun]
    people: list[Registrant]
    documents: list[Document]
    messages: list[Message]
    deviations: list[Deviation]
    notes: list[CaseNote]
    late_entries: list[LateEntry]
    acting_titles: dict[tuple[int | None, dt.datetime], str] = field(default_factory=dict)

    @cached_property
    def accounts(self) -> list[Account]:
        """The accounts that exist as rows, in the order of the people."""
        return [person.account for person in self.people if hasattr(person, "account")]

    @property
    def people_with_accounts(self) -> list[tuple[Registrant, Account | None]]:
        """Each person with the account that was ordered for them, None before the order."""
        return [(person, getattr(person, "account", None)) for person in self.people]

    @cached_property
    def progress(self) -> Progress:
        """How far the people are."""
        return Progress.of(len(self.people), [account.state for account in self.accounts])

    @cached_property
    def current_documents(self) -> list[Document]:
        """The papers that no newer version has superseded."""
        return [document for document in self.documents if document.superseded_at is None]

    @cached_property
    def listed_documents(self) -> list[Document]:
        """The current papers but the Formulir, which are many and listed apart."""
        return [paper for paper in self.current_documents if paper.kind != DocumentKind.FORM]

    @cached_property
    def forms(self) -> list[Document]:
        """The current Formulir, in the order of the people."""
        forms = [paper for paper in self.current_documents if paper.kind == DocumentKind.FORM]
        return sorted(forms, key=_position)

    @cached_property
    def superseded_documents(self) -> list[Document]:
        """The former versions: kept, and readable for ever."""
        return [paper for paper in self.documents if paper.superseded_at is not None]

    @property
    def archive_file(self) -> Document | None:
        """The archived file once it is stored."""
        return next(
            (
                paper
                for paper in self.current_documents
                if paper.kind == DocumentKind.ARCHIVE_FILE and paper.state == DocumentState.STORED
            ),
            None,
        )

    @cached_property
    def decree_is_revoked(self) -> bool:
        """A pencabutan has ended the whole SK (``policies.check_not_revoked``)."""
        return any(
            paper.kind == DocumentKind.DECREE_REVOCATION and not paper.concerns
            for paper in self.documents
        )

    @cached_property
    def ready_papers(self) -> int:
        """How many of the current papers are stored."""
        return sum(paper.state == DocumentState.STORED for paper in self.current_documents)

    @cached_property
    def owed_papers(self) -> int:
        """Papers that the worker is about to make (those that failed not counted)."""
        return sum(document.state == DocumentState.OWED for document in self.current_documents)

    @cached_property
    def failed_papers(self) -> list[Document]:
        """Papers that could not be made: a person must see to them."""
        return [paper for paper in self.current_documents if paper.state == DocumentState.FAILED]

    @cached_property
    def unsent_messages(self) -> int:
        """Messages that the mail server has not answered yet."""
        return sum(MessageState(message.state) in UNSENT_MESSAGES for message in self.messages)

    @property
    def lost_passwords(self) -> int:
        """Accounts on their way whose password was destroyed because it had waited too long."""
        if self.case.assignee_id is None or self.case.state not in LOSES_PASSWORDS:
            return 0
        return sum(
            account.state in AWAITS_HAND_OVER and not getattr(person, "has_password", True)
            for person, account in self.people_with_accounts
            if account is not None
        )

    @property
    def is_owed_something(self) -> bool:
        """A machine is at work for this case: the page is worth looking at again soon."""
        return bool(self.owed_papers or self.unsent_messages)

    @property
    def fingerprint(self) -> str:
        """Changes whenever something on the page does that a machine brings about."""
        attempts = sum(message.attempts for message in self.messages)
        attempts += sum(document.attempts for document in self.documents)
        sending = sum(message.state == MessageState.SENDING for message in self.messages)
        parts = (self.case.version, self.owed_papers, self.unsent_messages, sending, attempts)
        return "-".join(str(part) for part in parts)

    @property
    def awaited(self) -> LateEntry | None:
        """The late entry that waits for Kepala LPSE's decision."""
        waiting = (each for each in self.late_entries if each.state == LateEntry.State.PROPOSED)
        return next(waiting, None)

    @property
    def is_closed(self) -> bool:
        """Archived or cancelled: a verdict may be given."""
        return self.case.state in CLOSED_STATES

    @property
    def people_in_words(self) -> str:
        """``12 personel: 8 Verifikator, 3 Helpdesk, dan 1 Admin Agency``."""
        if not self.people:
            return "belum ada personel"
        counts = [
            f"{sum(person.account_kind == kind for person in self.people)} {kind.label}"
            for kind in kinds_of(person.account_kind for person in self.people)
        ]
        return f"{len(self.people)} personel: {enumerated(counts)}"

    def latest_run(self, step: SopStep) -> StepRun | None:
        """The newest run of a step, None when it has not been reached."""
        own = [run for run in self.runs if run.step_id == step.pk]
        return max(own, key=lambda run: run.attempt) if own else None


def load(case: AccountRequest) -> CaseRecord:
    """Read the rows of ``case`` in a fixed number of queries, however many people it has."""
    runs = case.step_runs.select_related("step", "finished_by").prefetch_related(
        "pauses", "attestations", "holdings__person"
    )
    return CaseRecord(
        case=case,
        steps=list(
            SopStep.objects.filter(revision_id=case.sop_revision_id)
            .order_by("number")
            .prefetch_related("requirements")
        ),
        runs=list(runs),
        stages=list(case.stage_runs.select_related("finished_by")),
        people=list(
            case.registrants.select_related("account")
            .annotate(
                has_password=Exists(
                    Credential.objects.filter(
                        account__registrant=OuterRef("pk"), destroyed_at__isnull=True
                    )
                )
            )
            .order_by("position_in_list")
        ),
        documents=list(
            case.documents.select_related("registrant", "created_by").order_by("created_at", "pk")
        ),
        messages=list(
            case.messages.select_related(
                "account__registrant", "recipient", "password_link"
            ).order_by("pk")
        ),
        deviations=list(
            with_state(
                case.deviations.select_related("responsible", "step_run__step")
            ).prefetch_related("shares__person")
        ),
        notes=list(case.notes.select_related("by")),
        late_entries=list(
            case.late_entries.select_related("evidence", "outage", "proposed_by", "decided_by")
        ),
        acting_titles=audit.acting_titles(case),
    )


def history(case: AccountRequest) -> list[AuditEntry]:
    """The newest acts on the case, newest first; at most ``HISTORY_SHOWN`` of them.

    Without the machine's own entries: two hundred Formulir that were stored, each listed with the
    papers, would bury what people did. The trail itself holds them all.
    """
    entries = case.audit_entries.exclude(act__in=(Act.STORE_DOCUMENT, Act.SEAL))
    return list(entries.order_by("-sequence")[:HISTORY_SHOWN])


def _position(form: Document) -> int:
    return form.registrant.position_in_list if form.registrant else 0
