"""Answering for deviations, judging an answer, and the filters of their register."""

from typing import Any, Final

from django import forms

from accounts_requests import deviation_queues, uploads
from accounts_requests.accountability_rules import LONGEST_TEXT, AnswerData
from accounts_requests.deviation_queues import OPEN, Filters
from accounts_requests.forms.base import (
    NOT_ONES_OWN,
    SCAN_TYPES,
    DateField,
    DateInput,
    LongText,
    SopForm,
    UploadField,
    row,
)
from accounts_requests.models import DeviationCause
from accounts_requests.states import Aspect, DeviationState, Verdict
from accounts_requests.uploads import Upload

EVIDENCE: Final = ("evidence_1", "evidence_2", "evidence_3")


def _evidence(label: str, help_text: str = "") -> UploadField:
    return UploadField(
        label=label,
        required=False,
        check=uploads.check_scan,
        accept=SCAN_TYPES,
        help_text=help_text,
    )


class AnswerForm(SopForm):
    """An account of deviations: one cause, what was done, what will prevent it, and evidence."""

    cause = forms.ModelChoiceField(
        label="Sebab",
        queryset=DeviationCause.objects.none(),
        empty_label="Pilih sebab",
        widget=forms.Select(attrs=NOT_ONES_OWN),
        error_messages={
            "required": "Pilih sebab yang paling sesuai.",
            "invalid_choice": "Sebab ini tidak lagi dapat dipilih. Pilih yang lain.",
        },
    )
    explanation = LongText(
        label="Uraian sebab",
        max_length=LONGEST_TEXT,
        help_text="Apa yang terjadi, kapan, dan mengapa mutu baku tidak tercapai.",
        error_messages={"required": "Uraian sebab wajib diisi."},
    )
    remedy = LongText(
        label="Yang sudah dilakukan",
        max_length=LONGEST_TEXT,
        rows=3,
        error_messages={"required": "Yang sudah dilakukan wajib diisi."},
    )
    prevention = LongText(
        label="Pencegahan",
        max_length=LONGEST_TEXT,
        rows=3,
        help_text="Apa yang mencegah terulangnya penyimpangan ini.",
        error_messages={"required": "Pencegahan wajib diisi."},
    )
    evidence_1 = _evidence(
        "Bukti 1", "PDF, JPEG, atau PNG; boleh kosong. Disimpan pada berkas permohonan."
    )
    evidence_2 = _evidence("Bukti 2")
    evidence_3 = _evidence("Bukti 3")

    def __init__(self, *args: Any, causes: list[DeviationCause], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["cause"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
        field.queryset = DeviationCause.objects.filter(pk__in=[cause.pk for cause in causes])

    def answer_data(self) -> AnswerData:
        """What was typed, once the form is valid."""
        data = self.cleaned_data
        return AnswerData(
            cause=data["cause"].pk,
            explanation=data["explanation"],
            remedy=data["remedy"],
            prevention=data["prevention"],
        )

    def evidence(self) -> list[Upload]:
        """The files, once the form is valid."""
        return [upload for name in EVIDENCE if (upload := self.cleaned_data[name]) is not None]


class JudgeForm(SopForm):
    """What the superior says of an answer."""

    verdict = forms.ChoiceField(
        label="Penilaian",
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Pilih salah satu penilaian.",
            "invalid_choice": "Pilih salah satu penilaian.",
        },
    )
    ground = LongText(
        label="Alasan atau dasar",
        required=False,
        max_length=LONGEST_TEXT,
        rows=3,
        help_text="Wajib bila dikembalikan, dinilai bukan penyimpangan, atau mengoreksi penilaian.",
    )

    def verdict_given(self) -> Verdict:
        """The verdict, once the form is valid."""
        return Verdict(self.cleaned_data["verdict"])


class OutsideJudgeForm(JudgeForm):
    """The judgement of somebody who does not sign in here, from their signed paper."""

    judge_name = forms.CharField(
        label="Nama pejabat penilai",
        error_messages={"required": "Nama pejabat penilai wajib diisi."},
        max_length=150,
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
    )
    judge_title = forms.CharField(
        label="Jabatan pejabat penilai",
        error_messages={"required": "Jabatan pejabat penilai wajib diisi."},
        max_length=150,
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
    )
    paper_number = forms.CharField(
        label="Nomor surat",
        max_length=80,
        widget=forms.TextInput(attrs=NOT_ONES_OWN),
        error_messages={"required": "Nomor surat penilaian wajib diisi."},
    )
    paper_date = DateField(
        label="Tanggal surat",
        error_messages={
            "required": "Tanggal surat penilaian wajib diisi.",
            "invalid": "Tanggal surat tidak dapat dibaca. Contoh: 12-03-2026.",
        },
    )
    paper = UploadField(
        label="Surat penilaian bertanda tangan",
        check=uploads.check_scan,
        accept=SCAN_TYPES,
        help_text="PDF, JPEG, atau PNG.",
        error_messages={"required": "Unggah surat penilaian yang sudah ditandatangani."},
    )

    def sections(self) -> list[Any]:
        return [
            row(("judge_name", 6), ("judge_title", 6)),
            row(("paper_number", 6), ("paper_date", 6)),
            "paper",
            "verdict",
            "ground",
        ]


class DeviationFilterForm(forms.Form):
    """What the register of deviations can be asked for; what does not fit is left out."""

    keadaan = forms.ChoiceField(
        label="Keadaan",
        required=False,
        choices=[("", "Semua"), (OPEN, "Belum selesai"), *DeviationState.choices],
    )
    aspek = forms.ChoiceField(
        label="Aspek", required=False, choices=[("", "Semua"), *Aspect.choices]
    )
    langkah = forms.TypedChoiceField(label="Langkah", required=False, coerce=int, empty_value=None)
    orang = forms.TypedChoiceField(
        label="Penanggung jawab", required=False, coerce=int, empty_value=None
    )
    dari = DateField(label="Dicatat sejak", required=False, widget=DateInput)
    sampai = DateField(label="sampai dengan", required=False, widget=DateInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = [(str(number), str(number)) for number in deviation_queues.steps()]
        people = [(str(one.pk), one.titled_name) for one in deviation_queues.people()]
        for name, choices in (("langkah", steps), ("orang", people)):
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)  # noqa: S101  declared above
            field.choices = [("", "Semua"), *choices]
        for name, field in self.fields.items():
            is_date = name in {"dari", "sampai"}
            field.widget.attrs["class"] = "form-control" if is_date else "form-select"

    def filters(self) -> Filters:
        """The filters that were understood."""
        self.is_valid()
        given = self.cleaned_data
        return Filters(
            state=given.get("keadaan", ""),
            aspect=given.get("aspek", ""),
            step=given.get("langkah"),
            person=given.get("orang"),
            since=given.get("dari"),
            until=given.get("sampai"),
        )
