"""Entering an act later than it happened, and deciding on such a proposal."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms

from accounts_requests import uploads
from accounts_requests.forms.base import (
    NOT_ONES_OWN,
    SCAN_TYPES,
    InstantField,
    InstantInput,
    LongText,
    SopForm,
    UploadField,
)
from accounts_requests.forms.reason import reason_field
from accounts_requests.models import Outage
from accounts_requests.uploads import Upload


class LateEntryForm(SopForm):
    """When it happened, why it is entered only now, and what shows it; beside the act's own form.

    `outages` are those among which the cause may be; without any the field is not there.
    `effect_url` answers what the time that was typed would bring about. `waiting`: evidence waits
    already, so another file is only offered.
    """

    happened_at = InstantField(
        label="Waktu kejadian",
        help_text="Waktu tindakan itu benar-benar selesai dilakukan (WITA).",
        error_messages={
            "required": "Waktu kejadian wajib diisi.",
            "invalid": "Waktu kejadian tidak terbaca. Isilah tanggal dan jamnya.",
        },
    )
    late_reason = reason_field(
        "Alasan baru dicatat sekarang", "Misalnya: listrik padam pukul 10.15 sampai 13.50."
    )
    outage = forms.ModelChoiceField(
        label="Gangguan yang tercatat",
        queryset=Outage.objects.none(),
        required=False,
        empty_label="Tidak ada yang sesuai",
        widget=forms.Select(attrs=NOT_ONES_OWN),
    )
    evidence = UploadField(
        label="Bukti",
        check=uploads.check_scan,
        accept=SCAN_TYPES,
        error_messages={"required": "Pilih berkas bukti terlebih dahulu."},
        help_text="PDF, JPEG, atau PNG yang menunjukkan kapan tindakan itu dilakukan, misalnya "
        "tangkapan layar SPSE atau lembar kerja yang dibubuhi jam.",
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        outages: Sequence[Outage],
        effect_url: str,
        waiting: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, files, **kwargs)
        if waiting:
            self.fields["evidence"].required = False
            self.fields["evidence"].label = "Ganti bukti dengan berkas lain"
        if outages:
            field = self.fields["outage"]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
            field.queryset = Outage.objects.filter(pk__in=[outage.pk for outage in outages])
        else:
            del self.fields["outage"]
        self.fields["happened_at"].widget = InstantInput(
            attrs={
                "hx-get": effect_url,
                "hx-target": "#prakiraan",
                "hx-trigger": "change",
                "hx-swap": "innerHTML",
            }
        )
        self.arrange()

    def happened(self) -> dt.datetime:
        """When it happened (aware), once the form is valid."""
        happened: dt.datetime = self.cleaned_data["happened_at"]
        return happened

    def upload(self) -> Upload | None:
        """The evidence, once the form is valid; None where what waits is not replaced."""
        upload: Upload | None = self.cleaned_data["evidence"]
        return upload

    def cause(self) -> Outage | None:
        """The outage that was chosen, if any."""
        outage: Outage | None = self.cleaned_data.get("outage")
        return outage


class ConfirmForm(SopForm):
    """A note to the confirmation; optional."""

    note = LongText(label="Catatan", required=False, max_length=2000, rows=2)


class RefuseForm(SopForm):
    """Why a proposal is refused."""

    refusal = reason_field("Catatan penolakan")
