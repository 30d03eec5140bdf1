"""Who may enter, and what every page of the room shares: refusals beside the form, one trail."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import update_wrapper
from typing import Any, ClassVar, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, reverse

from accounts_requests import keeping
from accounts_requests.exceptions import InvalidInput
from accounts_requests.models import AuditEntry, User
from accounts_requests.permissions import may_keep

# Pages of Django's admin that lead round our own: everybody changes their own password, on record,
# on their own page, and nobody another's.
_LEFT_OUT = {"password_change", "password_change_done", "autocomplete", "view_on_site"}


class KeeperSite(admin.AdminSite):
    """Django's admin for those whom ``permissions.may_keep`` lets in; others get a 403 page."""

    site_title = "Registri SOP Akun SPSE"
    site_header = "Pengelolaan · Registri SOP Akun SPSE"
    index_title = "Pengelolaan"
    site_url = "/"

    def has_permission(self, request: HttpRequest) -> bool:
        # Asked many times a page: the roles are read once.
        known: bool | None = getattr(request, "_may_keep", None)
        if known is None:
            user = request.user
            known = isinstance(user, User) and may_keep(user, user.current_roles())
            setattr(request, "_may_keep", known)  # noqa: B010  mypy knows no such attribute
        return known

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002  Django's signature
        """Refuse those who are signed in and may not enter, instead of asking them to sign in."""
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            response: HttpResponse = guarded(request, *args, **kwargs)
            return response

        return update_wrapper(inner, view)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        return [url for url in super().get_urls() if getattr(url, "name", "") not in _LEFT_OUT]


site = KeeperSite(name="admin")

# The refusal of the change at hand, while the form is shown again because of it.
_refusal: ContextVar[InvalidInput | None] = ContextVar("settings_refusal", default=None)


class RowForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when it runs
    """A form for one row, which shows the sentences of the rules."""

    def clean(self) -> dict[str, Any]:
        super().clean()
        return self.cleaned_data

    def add_sentences(self, errors: dict[str, list[str]]) -> None:
        """Show the rules' sentences beside their fields, others above the form."""
        for name, sentences in errors.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


class KeeperForm(RowForm):
    """The form of the page, which shows why the change as a whole was refused (``keeping.py``)."""

    def clean(self) -> dict[str, Any]:
        super().clean()
        refusal = _refusal.get()
        if refusal is not None:
            self.add_sentences(refusal.errors)
        return self.cleaned_data


class KeeperAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable when it runs
    """Rows that Pengelola Aplikasi keeps. Every change is recorded; none is made in bulk.

    ``settle`` says what must hold after a change; a refusal leaves everything as it was and comes
    back as an error of the form.
    """

    form: type[forms.ModelForm] = KeeperForm  # type: ignore[type-arg]  # as above
    actions = None
    list_per_page = 50
    show_full_result_count = False
    words_for: ClassVar[dict[str, str]] = {}  # how the trail names a field, other than by its label
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def settle(self) -> None:
        """What must hold once the change is saved. Raises InvalidInput."""

    # -- who may ------------------------------------------------------------------------------

    def has_module_permission(self, request: HttpRequest) -> bool:
        return site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return site.has_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  inlines pass an object
        return site.has_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return site.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return site.has_permission(request)

    # -- saving, or refusing ------------------------------------------------------------------

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        self.settle()

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        self.settle()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        try:
            with transaction.atomic():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except InvalidInput as refusal:
            with _shown(refusal):
                return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        try:
            with transaction.atomic():
                return super().delete_view(request, object_id, extra_context)
        except InvalidInput as refusal:
            messages.error(request, f"Tidak ada yang dihapus. {refusal}")
            name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
            return HttpResponseRedirect(reverse(name, args=[object_id]))

    # -- on record ----------------------------------------------------------------------------

    def construct_change_message(
        self,
        request: HttpRequest,  # noqa: ARG002  Django's signature
        form: Any,
        formsets: Any,
        add: bool = False,  # noqa: ARG002, FBT001, FBT002  Django's signature
    ) -> Any:
        """What changed, for the audit trail: field names with their new values."""
        changes: dict[str, Any] = {**keeping.values_for_trail(form.instance, form.changed_data)}
        for formset in formsets or ():
            for row in formset.new_objects:
                names = [field.name for field in row._meta.fields if not field.primary_key]
                changes[_label(row)] = keeping.values_for_trail(row, names)
            for row, names in formset.changed_objects:
                changes[_label(row)] = keeping.values_for_trail(row, names)
            for row in formset.deleted_objects:
                changes[_label(row)] = "dihapus"
        return changes

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return self.record(request, obj, "ditambahkan", message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return self.record(request, obj, "diubah", message) if message else None

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        return [self.record(request, obj, "dihapus", {}) for obj in queryset]

    def record(self, request: HttpRequest, obj: Any, done: str, changes: Any) -> AuditEntry:
        """One entry on the audit trail instead of a second log of the admin's own."""
        what = str(self.opts.verbose_name).capitalize()
        labels = {field.name: str(field.verbose_name) for field in self.opts.fields}
        titles = {**labels, **self.words_for}
        named = ", ".join(titles.get(name, name) for name in changes) if done == "diubah" else ""
        return keeping.record(
            cast("User", request.user),
            label=_label(obj),
            summary=f"{what} “{obj}” {done}{': ' if named else ''}{named}.",
            changes=changes,
        )

    def history_view(
        self,
        request: HttpRequest,  # noqa: ARG002  Django's signature
        object_id: str,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002  Django's signature
    ) -> HttpResponse:
        """What was changed is read on the audit trail."""
        query = urlencode({"object_label": f"{self.opts.verbose_name} {object_id}"})
        trail = reverse("admin:accounts_requests_auditentry_changelist")
        return HttpResponseRedirect(f"{trail}?{query}")


def _label(row: models.Model) -> str:
    return f"{row._meta.verbose_name} {row.pk}"


@contextmanager
def _shown(refusal: InvalidInput) -> Iterator[None]:
    token = _refusal.set(refusal)
    try:
        yield
    finally:
        _refusal.reset(token)
