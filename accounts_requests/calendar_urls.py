"""The addresses of the calendar's pages, part of ``urls``."""

import datetime as dt

from django.urls import URLPattern, path, register_converter

from accounts_requests.views import calendar, calendar_draft, calendar_edits


class DateConverter:
    """A day as ``2026-08-17``."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> dt.date:
        return dt.date.fromisoformat(value)  # a ValueError is an address that does not exist

    def to_url(self, value: dt.date) -> str:
        return value.isoformat()


register_converter(DateConverter, "day")

_TABLE = "kalender/jam-kerja/<slug:kind>/<day:date>"

urlpatterns: list[URLPattern] = [
    path("kalender/", calendar.year, name="calendar"),
    path("kalender/<int:year>/", calendar.year, name="calendar_year"),
    path("kalender/<int:year>/<int:month>/", calendar.month, name="calendar_month"),
    path("kalender/<int:year>/hari-libur/", calendar.holidays, name="calendar_holidays"),
    path("kalender/jam-kerja/", calendar.hours, name="calendar_hours"),
    path("kalender/versi/", calendar.versions, name="calendar_versions"),
    path("kalender/versi/<int:version>/", calendar.version, name="calendar_version"),
    path(
        "kalender/versi/<int:version>/kembalikan/", calendar_draft.restore, name="calendar_restore"
    ),
    path("kalender/hari-libur/tambah/", calendar_edits.holiday_add, name="calendar_holiday_add"),
    path("kalender/hari-libur/tempel/", calendar_edits.paste, name="calendar_paste"),
    path("kalender/hari-libur/<day:date>/", calendar_edits.holiday_edit, name="calendar_holiday"),
    path(
        "kalender/hari-libur/<day:date>/hapus/",
        calendar_edits.holiday_remove,
        name="calendar_holiday_remove",
    ),
    path("kalender/jam-kerja/tambah/", calendar_edits.hours_add, name="calendar_hours_add"),
    path(f"{_TABLE}/", calendar_edits.hours_edit, name="calendar_table"),
    path(f"{_TABLE}/hapus/", calendar_edits.hours_remove, name="calendar_table_remove"),
    path("kalender/rancangan/", calendar_draft.draft, name="calendar_draft"),
    path("kalender/rancangan/urungkan/", calendar_draft.undo, name="calendar_draft_undo"),
    path("kalender/rancangan/buang/", calendar_draft.discard, name="calendar_draft_discard"),
]
