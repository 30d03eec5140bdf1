"""What is recorded, one module per concept."""

from .account import Account, Credential
from .account_request import AccountRequest, CaseNote, CaseNumber
from .audit_entry import AuditChain, AuditEntry
from .deviation import Deviation
from .document import Document, DocumentContent, StagedUpload
from .message import Message
from .office import Appointment, Office
from .office_calendar import Holiday, HoursSpan, HoursTable
from .registrant import Registrant
from .sop import SopRequirement, SopRevision, SopStep
from .step_run import Attestation, StageRun, StepRun, StepRunHolding, StepRunPause
from .user import User
from .worker_heartbeat import WorkerHeartbeat

__all__ = [
    "Account",
    "AccountRequest",
    "Appointment",
    "Attestation",
    "AuditChain",
    "AuditEntry",
    "CaseNote",
    "CaseNumber",
    "Credential",
    "Deviation",
    "Document",
    "DocumentContent",
    "Holiday",
    "HoursSpan",
    "HoursTable",
    "Message",
    "Office",
    "Registrant",
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
