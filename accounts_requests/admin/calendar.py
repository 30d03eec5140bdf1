"""Hours and holidays. A change is taken into use as a whole, or refused as a whole."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from accounts_requests import keeping, words
from accounts_requests.models import Holiday, HoursSpan, HoursTable
from accounts_requests.office_rules import check_period

from .site import KeeperAdmin, KeeperForm, RowForm, site

_IN_FORCE = (
    "Versi kalender yang baru berlaku bagi tenggat yang dihitung sesudahnya; tenggat yang sudah "
    "ditetapkan tidak berubah."
)


class CalendarAdmin(KeeperAdmin):
    """Rows of which the office's calendar is made."""

    def settle(self) -> None:
        keeping.adopt_calendar()


class HoursTableForm(KeeperForm):
    """A table, and whether it follows on the one that is in force when it begins."""

    ends_running = forms.BooleanField(
        label="Akhiri tabel sejenis yang masih berlaku",
        required=False,
        help_text="Tabel sejenis yang sedang berlaku berakhir sehari sebelum tabel ini mulai.",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if sentences := check_period(data.get("valid_from"), data.get("valid_until")):
            self.add_sentences({"valid_until": sentences})
        return data


class HoursSpanForm(RowForm):
    """One open stretch of a weekday."""

    weekday = forms.TypedChoiceField(
        label="Hari", coerce=int, choices=list(enumerate(words.WEEKDAYS))
    )
    opens = forms.TimeField(
        label="Buka",
        input_formats=["%H.%M", "%H:%M"],
        widget=forms.TimeInput(format="%H.%M", attrs={"size": 5}),
        help_text="Misalnya 07.30",
    )
    closes = forms.TimeField(
        label="Tutup",
        input_formats=["%H.%M", "%H:%M"],
        widget=forms.TimeInput(format="%H.%M", attrs={"size": 5}),
        help_text="Misalnya 16.00",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        opens, closes = data.get("opens"), data.get("closes")
        if opens is not None and closes is not None and closes <= opens:
            self.add_sentences({"closes": ["Jam tutup harus sesudah jam buka."]})
        return data


class HoursSpanInline(admin.TabularInline):  # type: ignore[type-arg]  # not subscriptable when it runs
    """The week of a table; a weekday without a line is closed."""

    model = HoursSpan
    form = HoursSpanForm
    extra = 0
    verbose_name_plural = "jam buka tiap hari (hari tanpa baris berarti tutup)"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  Django's signature
        return site.has_permission(request)

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


@admin.register(HoursTable, site=site)
class HoursTableAdmin(CalendarAdmin):
    """The dated tables of office hours."""

    form = HoursTableForm
    inlines = (HoursSpanInline,)
    list_display = ("name", "kind", "valid_from", "valid_until", "confirmed", "legal_basis")
    list_filter = ("kind", "confirmed")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "name",
                    "kind",
                    ("valid_from", "valid_until"),
                    "ends_running",
                    "legal_basis",
                    "confirmed",
                    "note",
                ),
                "description": f"Pada hari yang sama tabel khusus didahulukan dari Ramadan, dan "
                f"Ramadan dari biasa. {_IN_FORCE}",
            },
        ),
    )

    def save_model(self, request: HttpRequest, obj: HoursTable, form: Any, change: Any) -> None:
        """Save; where asked, the table that was in force ends the day before, on record too."""
        super().save_model(request, obj, form, change)
        if form.cleaned_data["ends_running"]:
            ended = keeping.end_running_table(obj)
            if ended is not None:
                until = {"valid_until": str(ended.valid_until)}
                self.record(request, ended, "diakhiri", until)


@admin.register(Holiday, site=site)
class HolidayAdmin(CalendarAdmin):
    """The days on which the office is closed."""

    list_display = ("date", "name", "kind", "confirmed", "legal_basis")
    list_filter = ("kind", "confirmed")
    search_fields = ("name", "legal_basis")
    date_hierarchy = "date"
    fieldsets = (
        (
            None,
            {
                "fields": ("date", "name", "kind", "legal_basis", "confirmed"),
                "description": _IN_FORCE,
            },
        ),
    )
