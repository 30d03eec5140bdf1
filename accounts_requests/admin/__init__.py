"""Pengelolaan: the room of Pengelola Aplikasi, made of Django's admin.

People and their appointments, the office, its calendar; and the audit trail, to be read. Nothing
of a case is here. What is asked of a change is ``keeping.py``'s and ``office_rules.py``'s matter.
"""

from .calendar import HolidayAdmin, HoursTableAdmin
from .office import OfficeAdmin
from .people import UserAdmin
from .site import site
from .trail import AuditEntryAdmin

__all__ = [
    "AuditEntryAdmin",
    "HolidayAdmin",
    "HoursTableAdmin",
    "OfficeAdmin",
    "UserAdmin",
    "site",
]
