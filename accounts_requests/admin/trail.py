"""The audit trail, to be read: who did what, when, from where. Nothing here can be changed."""

from django.contrib import admin

from accounts_requests import audit
from accounts_requests.models import AuditEntry

from .records import CASE, RecordAdmin
from .site import site


@admin.register(AuditEntry, site=site)
class AuditEntryAdmin(RecordAdmin):
    """Entries newest first. Of personal data they hold field names and keyed hashes only.

    Reasons given in a case are free text that may name people: they are neither shown nor searched.
    """

    list_display = ("sequence", "at", "act", "actor_name", "actor_role", "told")
    list_display_links = ("sequence", "at")
    list_filter = ("act", "actor_role", "at")
    lookups = ("object_label",)
    search_fields = ("actor_name", "object_label", "request__number")
    ordering = ("-sequence",)
    list_select_related = ()
    readonly_fields = ("told",)
    fields = (
        "sequence",
        "at",
        "act",
        "actor_name",
        "actor_role",
        "address",
        CASE,
        "object_label",
        "told",
        "changes",
        "records",
        "previous_hash",
        "hash",
    )

    @admin.display(description="uraian")
    def told(self, entry: AuditEntry) -> str:
        """What was done; in a case without the reason."""
        return audit.without_reason(entry.summary) if entry.request_id else entry.summary
