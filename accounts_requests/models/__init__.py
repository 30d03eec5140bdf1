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
from .archive import (
    ArchiveDescription,
    ArchiveMove,
    DestructionDecision,
    DestructionItem,
    DestructionMinutes,
    DestructionProposal,
    Development,
    FinalDisposition,
    Media,
    RetentionTrigger,
    SecurityClass,
)
from .audit_entry import AuditAnchor, AuditChain, AuditEntry, RecordSeal
from .backup import Backup
from .bounce import Bounce
from .content_check import ContentCheck, ContentFault, ContentFaultSeen
from .deadline import DeadlineVersion, DeadlineWarning
from .deviation import Deviation
from .document import Document, DocumentContent, StagedUpload
from .evidence import EvidenceHandOver, EvidenceItem, EvidencePackage, EvidencePart
from .invitation import Invitation
from .lateness import DeviationShare, LatenessEnd
from .message import Message
from .monitoring import Monitoring
from .office import Appointment, Judge, Office, PasswordDelivery
from .office_calendar import CalendarDraft, CalendarVersion, Holiday, HoursSpan, HoursTable
from .outage import LateEntry, Outage
from .password_link import PasswordLink
from .questionnaire import MonitoringDraft, Questionnaire
from .reading import Reading
from .registrant import Registrant
from .signature_check import SignatureCheck
from .signing_request import SigningRequest
from .sop import SopRequirement, SopRevision, SopStep
from .step_run import Attestation, StageRun, StepRun, StepRunHolding, StepRunPause
from .trust_anchor import TrustAnchor
from .user import User
from .worker_heartbeat import WorkerHeartbeat

__all__ = [
    "Account",
    "AccountRequest",
    "AnsweredDeviation",
    "Appointment",
    "ArchiveDescription",
    "ArchiveMove",
    "Attestation",
    "AuditAnchor",
    "AuditChain",
    "AuditEntry",
    "Backup",
    "Bounce",
    "CalendarDraft",
    "CalendarVersion",
    "CaseNote",
    "CaseNumber",
    "ContentCheck",
    "ContentFault",
    "ContentFaultSeen",
    "Credential",
    "DeadlineVersion",
    "DeadlineWarning",
    "DestructionDecision",
    "DestructionItem",
    "DestructionMinutes",
    "DestructionProposal",
    "Development",
    "Deviation",
    "DeviationAnswer",
    "DeviationCause",
    "DeviationJudgement",
    "DeviationReminder",
    "DeviationShare",
    "Document",
    "DocumentContent",
    "EvidenceHandOver",
    "EvidenceItem",
    "EvidencePackage",
    "EvidencePart",
    "FinalDisposition",
    "Holiday",
    "HoursSpan",
    "HoursTable",
    "Invitation",
    "Judge",
    "LateEntry",
    "LatenessEnd",
    "Media",
    "Message",
    "Monitoring",
    "MonitoringDraft",
    "Office",
    "Outage",
    "PasswordDelivery",
    "PasswordLink",
    "Questionnaire",
    "Reading",
    "RecordSeal",
    "Registrant",
    "RetentionTrigger",
    "SecurityClass",
    "SignatureCheck",
    "SigningRequest",
    "SopRequirement",
    "SopRevision",
    "SopStep",
    "StageRun",
    "StagedUpload",
    "StepRun",
    "StepRunHolding",
    "StepRunPause",
    "TrustAnchor",
    "User",
    "WorkerHeartbeat",
]
