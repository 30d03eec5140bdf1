"""For which letter a berkas bukti is taken."""

from django import forms

from accounts_requests.forms.base import NOT_ONES_OWN, SopForm


class EvidenceForm(SopForm):
    """The request letter that it answers, or nothing."""

    surat = forms.CharField(
        label="Menjawab surat",
        required=False,
        max_length=200,
        help_text="Nomor dan tanggal surat permintaan, misalnya 700/12/Itda tanggal 3 Maret 2026. "
        "Tercatat pada jejak audit dan tertulis di dalam berkas bukti. Boleh kosong.",
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
    )

    def letter(self) -> str:
        """What was typed, in one line."""
        return " ".join(self.cleaned_data["surat"].split())
