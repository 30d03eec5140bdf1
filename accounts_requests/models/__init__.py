"""What is recorded, one module per concept."""

from .account import Account, Credential
from .account_request import AccountRequest, CaseNote, CaseNumber
from .accountability import (
    AnsweredDeviation,
    DeviationAnswer,
    DeviationCause,
    DeviationJudgement,
    DeviationReminder,
)
from .audit_entry import AuditAnchor, AuditChain, AuditEntry, RecordSeal
from .backup import Backup
from .deadline import DeadlineVersion, DeadlineWarning
from .deviation import Deviation
from .document import Document, DocumentContent, StagedUpload
from .invitation import Invitation
from .message import Message
from .monitoring import Monitoring
from .office import Appointment, Judge, Office, PasswordDelivery
from .office_calendar import CalendarDraft, CalendarVersion, Holiday, HoursSpan, HoursTable
from .outage import LateEntry, Outage
from .password_link import PasswordLink
from .reading import Reading
from .registrant import Registrant
from .signature_check import SignatureCheck
from .sop import SopRequirement, SopRevision, SopStep
from .step_run import Attestation, StageRun, StepRun, StepRunHolding, StepRunPause
from .user import User
from .worker_heartbeat import WorkerHeartbeat

__all__ = [
    "Account",
    "AccountRequest",
    "AnsweredDeviation",
    "Appointment",
    "Attestation",
    "AuditAnchor",
    "AuditChain",
    "AuditEntry",
    "Backup",
    "CalendarDraft",
    "CalendarVersion",
    "CaseNote",
    "CaseNumber",
    "Credential",
    "DeadlineVersion",
    "DeadlineWarning",
    "Deviation",
    "DeviationAnswer",
    "DeviationCause",
    "DeviationJudgement",
    "DeviationReminder",
    "Document",
    "DocumentContent",
    "Holiday",
    "HoursSpan",
    "HoursTable",
    "Invitation",
    "Judge",
    "LateEntry",
    "Message",
    "Monitoring",
    "Office",
    "Outage",
    "PasswordDelivery",
    "PasswordLink",
    "Reading",
    "RecordSeal",
    "Registrant",
    "SignatureCheck",
    "SopRequirement",
    "SopRevision",
    "SopStep",
    "StageRun",
    "StagedUpload",
    "StepRun",
    "StepRunHolding",
    "StepRunPause",
    "User",
    "WorkerHeartbeat",
]
