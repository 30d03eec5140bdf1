"""Which period a report is asked for. What does not fit falls back to the half year of today."""

import datetime as dt
from typing import Any

from django import forms

from accounts_requests.report_periods import LONGEST_DAYS, Period, half_year, half_year_before


class ReportPeriodForm(forms.Form):
    """Two dates, both inclusive; the field names are those of the page's address."""

    dari = forms.DateField(
        label="Dari tanggal",
        required=False,
        widget=forms.DateInput({"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": "Tuliskan tanggal awal, misalnya 2026-01-01."},
    )
    sampai = forms.DateField(
        label="Sampai dengan",
        required=False,
        widget=forms.DateInput({"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": "Tuliskan tanggal akhir, misalnya 2026-06-30."},
    )

    def clean(self) -> dict[str, Any]:
        """Both or none, in order, and no longer than anybody reads."""
        given: dict[str, Any] = super().clean() or {}
        first, last = given.get("dari"), given.get("sampai")
        if self.errors:
            return given
        if bool(first) != bool(last):
            missing = "sampai" if first else "dari"
            self.add_error(missing, "Isi kedua tanggal, atau kosongkan keduanya.")
        elif first and last and last < first:
            self.add_error("sampai", "Tanggal akhir mendahului tanggal awal.")
        elif first and last and (last - first).days >= LONGEST_DAYS:
            self.add_error("sampai", "Masa laporan paling panjang lima tahun.")
        elif first and first.year < 2000:
            self.add_error("dari", "Tanggal awal terlalu lampau untuk catatan aplikasi ini.")
        elif last and last.year > 2200:
            self.add_error("sampai", "Tanggal akhir terlalu jauh ke depan.")
        return given

    def period(self, today: dt.date) -> Period:
        """The period asked for; the half year of ``today`` where none was, or none that fits."""
        if self.is_valid() and self.cleaned_data.get("dari"):
            return Period(self.cleaned_data["dari"], self.cleaned_data["sampai"])
        return half_year(today)


def usual(today: dt.date) -> list[Period]:
    """The periods to choose from with one press: three half years, and the year of ``today``."""
    periods = [half_year(today)]
    for _ in range(2):
        periods.append(half_year_before(periods[-1]))
    return [*periods, Period(dt.date(today.year, 1, 1), dt.date(today.year, 12, 31))]
