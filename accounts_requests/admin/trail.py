"""The audit trail, to be read: who did what, when, from where. Nothing here can be changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts_requests.models import AuditEntry

from .site import KeeperAdmin, site


@admin.register(AuditEntry, site=site)
class AuditEntryAdmin(KeeperAdmin):
    """Entries newest first. Of personal data they hold field names and keyed hashes only."""

    list_display = ("sequence", "at", "act", "actor_name", "actor_role", "summary")
    list_display_links = ("sequence", "at")
    list_filter = ("act", "actor_role", "at")
    search_fields = ("actor_name", "object_label", "summary", "request__number")
    ordering = ("-sequence",)
    list_select_related = ()
    fields = (
        "sequence",
        "at",
        "act",
        "actor_name",
        "actor_role",
        "address",
        "request",
        "object_label",
        "summary",
        "changes",
        "previous_hash",
        "hash",
    )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return False
