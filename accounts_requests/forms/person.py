"""One Formulir: a person of a case, in the Formulir's own sections."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from django import forms

from accounts_requests import grades
from accounts_requests.forms.base import (
    NOT_ONES_OWN,
    DateField,
    SopForm,
    row,
    section,
)
from accounts_requests.models import AccountRequest, Office, Registrant
from accounts_requests.registrants import (
    FIELD_TITLES,
    Findings,
    PersonData,
    check_batch,
    max_length,
    missing,
    normalise,
    person_data,
    served_kinds,
)
from accounts_requests.states import AccountKind, Employment, RequestKind
from accounts_requests.user_ids import rule_words

_REQUIRED: Final = {
    "account_kind",
    "request_kind",
    "full_name",
    "employment",
    "position",
    "work_unit",
    "email",
    "mobile",
    "office_address",
    "proposed_user_id",
    "statement_date",
}
# Numbers may be typed with spaces, dots and dashes between their groups.
_TYPED_LENGTH: Final = {"nip": 40, "nik": 40, "mobile": 40}
_HELP: Final = {
    "full_name": "Tanpa gelar.",
    "title_before": "Misalnya Dr., Ir.",
    "title_after": "Misalnya S.T., M.M.",
    "nip": "18 digit; wajib untuk ASN, kosong untuk Non-ASN.",
    "nik": "16 digit; disimpan tersandi.",
    "agency": "Wajib untuk Admin Agency.",
    "email": "Milik personel sendiri; bukan kotak surat bersama.",
    "mobile": "Diawali 08 atau +628.",
    "request_kind": "Selain Baru berada di luar SOP ini dan ditandai demikian.",
    "valid_until": "Kosong berarti mengikuti masa berlaku SK.",
    "statement_date": "Tanggal pemohon menandatangani pernyataan pada Formulir.",
}
_ATTRIBUTES: Final[dict[str, dict[str, str]]] = {
    "nip": {"inputmode": "numeric"},
    "nik": {"inputmode": "numeric"},
    "proposed_user_id": {"autocapitalize": "none", "spellcheck": "false"},
}


class PersonForm(SopForm):
    """Adds a person to `request`, or edits `registrant` of it.

    `person()` is what was typed once the form is valid; `warnings` are shown and do not block.
    """

    def __init__(
        self,
        data: Any = None,
        *,
        request: AccountRequest,
        office: Office,
        today: dt.date,
        registrant: Registrant | None = None,
        **kwargs: Any,
    ) -> None:
        self._request = request
        self._office = office
        self._today = today
        others = request.registrants.order_by("position_in_list")
        if registrant is not None:
            others = others.exclude(pk=registrant.pk)
            kwargs["initial"] = {
                **dataclasses.asdict(person_data(registrant)),
                **kwargs.get("initial", {}),
            }
        self._others = list(others)
        super().__init__(data, **kwargs)
        for name in FIELD_TITLES:
            if name != "nik" or office.collects_nik:
                self.fields[name] = self._field(name)
        self.fields["proposed_user_id"].help_text = f"{rule_words(office).capitalize()}."
        if registrant is not None and registrant.nik and "nik" in self.fields:
            self.fields["nik"].help_text = "Sudah tersimpan. Kosongkan bila tidak diubah."
        self.arrange()
        if registrant is not None and not self.is_bound:
            self.warnings = self._findings(person_data(registrant)).warnings

    def sections(self) -> Sequence[Any]:
        numbers = [("nip", 4), ("nik", 4)] if "nik" in self.fields else [("nip", 8)]
        return [
            section(
                "A. Identitas",
                row(("title_before", 2), ("full_name", 7), ("title_after", 3)),
            ),
            section(
                "B. Kepegawaian",
                row(("employment", 4), *numbers),
                row(("rank", 8), ("grade", 4)),
                row(("position", 6), ("work_unit", 6)),
                row(("agency", 12)),
            ),
            section(
                "C. Kontak",
                row(("email", 7), ("mobile", 5)),
                row(("office_address", 12)),
            ),
            section(
                "D. Akun",
                row(("account_kind", 6), ("request_kind", 6)),
                row(("proposed_user_id", 6), ("valid_until", 6)),
            ),
            section("E. Pernyataan", row(("statement_date", 6), ("form_number", 6))),
        ]

    def clean(self) -> dict[str, Any]:
        """Ask the rules about what has the right shape; their warnings are kept apart."""
        super().clean()
        found = self._findings(self.person())
        self.add_sentences(found.errors)
        self.warnings = {
            name: sentences for name, sentences in found.warnings.items() if name not in self.errors
        }
        return self.cleaned_data

    def person(self) -> PersonData:
        """What was typed, in order. Fields that lack the right shape are left at their default."""
        values = {
            name: self.cleaned_data[name]
            for name in FIELD_TITLES
            if self.cleaned_data.get(name) is not None
        }
        return normalise(PersonData(**values))

    def _findings(self, person: PersonData) -> Findings:
        return check_batch(
            [*(person_data(other) for other in self._others), person],
            office=self._office,
            decree_valid_until=self._request.valid_until,
            today=self._today,
            request=self._request,
            labels=[*(f"nomor urut {other.position_in_list}" for other in self._others), "ini"],
        )[-1]

    def _field(self, name: str) -> forms.Field:
        required = name in _REQUIRED
        options: dict[str, Any] = {
            "label": FIELD_TITLES[name],
            "required": required,
            "help_text": _HELP.get(name, ""),
            "error_messages": {"required": missing(name)},
        }
        if name in {"valid_until", "statement_date"}:
            return DateField(**options)
        choices = self._choices(name)
        if choices is not None:
            return forms.ChoiceField(
                choices=choices, widget=forms.Select(attrs=NOT_ONES_OWN), **options
            )
        attributes = {**NOT_ONES_OWN, **_ATTRIBUTES.get(name, {})}
        widget = {
            "email": forms.EmailInput(attrs=attributes),
            "mobile": forms.TextInput(attrs={**attributes, "type": "tel"}),
        }.get(name, forms.TextInput(attrs=attributes))
        limit = _TYPED_LENGTH.get(name, max_length(name))
        return forms.CharField(widget=widget, max_length=limit, **options)

    def _choices(self, name: str) -> list[tuple[str, Any]] | None:
        """What may be chosen, the value that is stored already always among it."""
        nothing = ("", "Pilih …")
        if name == "account_kind":
            kinds = served_kinds(self._office)
            stored = self.initial.get(name)
            if stored in AccountKind.values and stored not in kinds:
                kinds.append(AccountKind(stored))
            return [nothing, *((kind.value, kind.label) for kind in kinds)]
        if name == "request_kind":
            return list(RequestKind.choices)
        if name == "employment":
            return [nothing, *Employment.choices]
        if name == "grade":
            civil = [(grade, grade) for grade in grades.civil_grades()]
            contract = [(grade, grade) for grade in grades.contract_grades()]
            stored = self.initial.get(name)
            unknown = [(stored, stored)] if stored and stored not in grades.all_grades() else []
            return [("", "—"), ("PNS dan CPNS", civil), ("PPPK", contract), *unknown]
        return None
