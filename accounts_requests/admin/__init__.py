"""Pengelolaan: the room of Pengelola Aplikasi, made of Django's admin.

The office is changed here; records are read. People and the calendar have pages of their own, and
of a case nothing personal is here. What is asked of a change is ``keeping.py``'s and
``office_rules.py``'s matter.
"""

from .causes import DeviationCauseAdmin
from .office import OfficeAdmin
from .records import RecordAdmin
from .site import site
from .trail import AuditEntryAdmin

__all__ = [
    "AuditEntryAdmin",
    "DeviationCauseAdmin",
    "OfficeAdmin",
    "RecordAdmin",
    "site",
]
