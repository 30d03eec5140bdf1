"""Records, to be read: how far cases, steps, mail, papers and the engine are. Nothing is changed.

No personal data of registrants and no secret: fields are named one by one, and what is not named
can neither be shown nor searched nor filtered by (a filter in the address would tell what a page
hides).
"""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from accounts_requests.models import (
    AccountRequest,
    AuditAnchor,
    Backup,
    Deviation,
    Document,
    Invitation,
    Message,
    StepRun,
    WorkerHeartbeat,
)

from .site import KeeperAdmin, site


@dataclass(frozen=True)
class Named:
    """What stands for a row in headings: rows name themselves by titles, addresses and reasons."""

    pk: Any
    name: str

    def __str__(self) -> str:
        return self.name


def _column(name: str, label: str) -> Any:
    """A column by the name that people know: the row's own field has none of its own."""

    @admin.display(description=label, ordering=name)
    def tell(row: Any) -> Any:
        return getattr(row, name)

    tell.__name__ = name
    return tell


NUMBER = _column("pk", "nomor urut")
CASE = _column("request", "permohonan")
STEP = _column("step", "langkah")
STEP_RUN = _column("step_run", "pelaksanaan langkah")
SOP = _column("sop_revision", "revisi SOP")
VERSION = _column("version", "versi")
PERSON = _column("person", "orang")
FINISHED_BY = _column("finished_by", "diselesaikan oleh")
CREATED_BY = _column("created_by", "dibuat oleh")
QUEUED_BY = _column("queued_by", "diantrekan oleh")
RESPONSIBLE = _column("responsible", "penanggung jawab")


class RecordAdmin(KeeperAdmin):
    """Rows that only the application writes. ``fields`` is all that is ever shown of them."""

    # Lookups that pages of our own lead to, beside those of ``list_filter``.
    lookups: tuple[str, ...] = ()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Django lets every field of the row be asked for in the address; here only some may be."""
        known = lookup.partition("__")[0] in (*self.list_filter, *self.lookups)
        return known and super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]  # stubs are older

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        named = Named(object_id, f"{str(self.opts.verbose_name).capitalize()} {object_id}")
        context = {**(extra_context or {}), "original": named, "subtitle": str(named)}
        return super().changeform_view(request, object_id, form_url, context)


@admin.register(AccountRequest, site=site)
class AccountRequestAdmin(RecordAdmin):
    """Cases by number and state."""

    list_display = ("number", "state", "received_at", "assignee", "archived_at", "cancelled_at")
    list_filter = ("state",)
    search_fields = ("number", "decree_number")
    list_select_related = ("assignee",)
    ordering = ("-pk",)
    fields = (
        "number",
        "state",
        "stage",
        VERSION,
        SOP,
        "decree_number",
        "decree_date",
        "signing_method",
        CREATED_BY,
        "created_at",
        "received_at",
        "people_locked_at",
        "issued_at",
        "ordered_at",
        "accounts_created_at",
        "email_sent_at",
        "archived_at",
        "cancelled_at",
        "assignee",
        "archive_number",
        "classification_code",
        "is_demo",
    )


@admin.register(StepRun, site=site)
class StepRunAdmin(RecordAdmin):
    """The clock's record of each step of each case."""

    list_display = (CASE, STEP, "attempt", "offered_at", "due_at", "finished_at")
    list_filter = ("finished_at", "abandoned")
    search_fields = ("request__number",)
    list_select_related = ("request", "step")
    ordering = ("-pk",)
    fields = (
        CASE,
        STEP,
        "attempt",
        "limit_amount",
        "limit_unit",
        "limit_start",
        "limit_basis",
        "offered_at",
        "started_at",
        "latest_start_at",
        "due_at",
        "due_is_estimate",
        "claimed_at",
        "opened_at",
        "paused_at",
        "used_before_pause",
        "finished_at",
        FINISHED_BY,
        "abandoned",
        "waiting_seconds",
        "worked_seconds",
        "counted_seconds",
        "wall_seconds",
        "late_seconds",
        "calendar_version",
    )


@admin.register(Deviation, site=site)
class DeviationAdmin(RecordAdmin):
    """Departures from the norm, without what was typed about them."""

    list_display = (CASE, "aspect", "rule", RESPONSIBLE, "recorded_at")
    list_filter = ("aspect", "rule")
    search_fields = ("request__number",)
    list_select_related = ("request", "responsible")
    ordering = ("-pk",)
    fields = (
        CASE,
        STEP_RUN,
        "aspect",
        "rule",
        "norm",
        "late_seconds",
        RESPONSIBLE,
        "recorded_at",
    )


@admin.register(Message, site=site)
class MessageAdmin(RecordAdmin):
    """How far each message is; never to which address, nor what it says."""

    list_display = (NUMBER, CASE, "kind", "state", "queued_at", "attempts", "settled_at")
    list_filter = ("state", "kind")
    search_fields = ("request__number",)
    list_select_related = ("request",)
    ordering = ("-pk",)
    fields = (
        CASE,
        "kind",
        "state",
        "queued_at",
        QUEUED_BY,
        "attempts",
        "next_attempt_at",
        "claimed_at",
        "claimed_by",
        "stage",
        "answer_code",
        "settled_at",
        "template_version",
    )


@admin.register(Document, site=site)
class DocumentAdmin(RecordAdmin):
    """Which papers exist and how far they are; neither titles nor whom they are about."""

    list_display = (NUMBER, CASE, "kind", "version", "state", "created_at", "superseded_at")
    list_filter = ("state", "kind")
    search_fields = ("request__number", "sha256")
    list_select_related = ("request",)
    ordering = ("-pk",)
    fields = (
        CASE,
        "kind",
        "version",
        "state",
        "number",
        "dated",
        "media_type",
        "sha256",
        "size",
        "pages",
        "template_version",
        "uploaded",
        CREATED_BY,
        "created_at",
        "superseded_at",
        "attempts",
        "next_attempt_at",
        "claimed_at",
    )


@admin.register(Invitation, site=site)
class InvitationAdmin(RecordAdmin):
    """Links that were handed over; never what they are."""

    list_display = (PERSON, "purpose", "created_at", "expires_at", "used_at", "revoked_at")
    list_filter = ("purpose",)
    list_select_related = ("person",)
    fields = (
        PERSON,
        "purpose",
        CREATED_BY,
        "created_at",
        "expires_at",
        "used_at",
        "used_from",
        "revoked_at",
    )


def _all_but_key(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.name for field in model._meta.fields if not field.auto_created)


@admin.register(Backup, site=site)
class BackupAdmin(RecordAdmin):
    """Attempts at a backup."""

    list_display = ("started_at", "finished_at", "file_name", "size", "encrypted", "error")
    ordering = ("-pk",)
    fields = _all_but_key(Backup)


@admin.register(AuditAnchor, site=site)
class AuditAnchorAdmin(RecordAdmin):
    """Head and count of the trail by day."""

    list_display = ("day", "sequence", "head", "at")
    ordering = ("-day",)
    fields = _all_but_key(AuditAnchor)


@admin.register(WorkerHeartbeat, site=site)
class WorkerHeartbeatAdmin(RecordAdmin):
    """The workers and when they were last seen."""

    list_display = ("name", "started_at", "beat_at", "swept_at")
    fields = _all_but_key(WorkerHeartbeat)
