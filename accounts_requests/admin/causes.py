"""The causes from which executors choose when they answer for a deviation."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts_requests.models import DeviationCause

from .site import KeeperAdmin, site


@admin.register(DeviationCause, site=site)
class DeviationCauseAdmin(KeeperAdmin):
    """The office's own list: a cause that is no longer wanted is switched off, never deleted.

    Answers keep the words as they were chosen.
    """

    list_display = ("label", "position", "is_active")
    list_filter = ("is_active",)
    fields = ("label", "position", "is_active")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return False
