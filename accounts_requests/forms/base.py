"""What every form shares: crispy inside the page's own <form>, and sentences from the rules.

Forms check shape only (type, presence, length) and ask the rule modules for the rest. A template
owns the <form> element, its token, its buttons.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Fieldset, Layout
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts_requests.exceptions import InvalidInput
from accounts_requests.uploads import Upload, read_upload

# What is typed here belongs to others: the browser must not offer the typist's own data.
NOT_ONES_OWN: Final = {"autocomplete": "off"}
YES_NO: Final = (("ya", "Ya"), ("tidak", "Tidak"))


class SopForm(forms.Form):
    """A form whose layout is `sections()`; shows errors, and `warnings` that do not block.

    `warnings` holds sentences by field name, filled in by forms that ask the rules for them.
    `files_may_wait`: whether its files may wait on the server until the rest is right; not where
    they may show a password, before they were examined for one.
    """

    files_may_wait = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings: dict[str, list[str]] = {}
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.arrange()

    def arrange(self) -> None:
        """Lay the fields out; called again by forms that add fields of their own."""
        self.helper.layout = Layout(*self.sections())

    def sections(self) -> Sequence[Any]:
        """The crispy objects of the layout; by default every field below the other."""
        return [Noted(name) for name in self.fields]

    def add_sentences(self, errors: Mapping[str, Sequence[str]]) -> None:
        """Show the rules' sentences beside their fields ("" and unknown ones: above the form).

        A field that already has an error of shape keeps that one alone.
        """
        broken = set(self.errors)
        for name, sentences in errors.items():
            if name in broken:
                continue
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


class Noted:
    """A crispy field with its warnings below it."""

    def __init__(self, name: str, **attributes: Any) -> None:
        self.name = name
        self.field = Field(name, **attributes)

    def render(self, form: SopForm, context: Any, **kwargs: Any) -> SafeString:
        """The field's HTML; `kwargs` are crispy's own."""
        html: SafeString = self.field.render(form, context, **kwargs)
        notes = format_html_join(
            "",
            '<p class="form-text text-warning-emphasis"><strong>Perhatian:</strong> {}</p>',
            ((sentence,) for sentence in form.warnings.get(self.name, [])),
        )
        return format_html("{}{}", html, notes)


def section(legend: str, *parts: Any) -> Any:
    """A titled group of fields."""
    return Fieldset(legend, *parts)


def row(*fields: tuple[str, int]) -> Any:
    """Fields side by side: each name with its share of twelve columns, below that one a line."""
    return Div(
        *(Div(Noted(name), css_class=f"col-md-{share}") for name, share in fields),
        css_class="row",
    )


class DateInput(forms.DateInput):
    """The browser's own calendar; it sends and expects ISO dates."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={**NOT_ONES_OWN, **(attrs or {})}, format="%Y-%m-%d")


class InstantInput(forms.DateTimeInput):
    """The browser's own calendar and clock, in the office's zone, to the minute."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={**NOT_ONES_OWN, **(attrs or {})}, format="%Y-%m-%dT%H:%M")


def check_year(value: dt.date) -> None:
    """Refuse a year that nobody means (0020 for 2020), as lists in XLSX do."""
    if not 1900 <= value.year <= 2200:
        raise ValidationError(
            f"Tahun {value.year:04d} tidak wajar. Periksa kembali angka tahunnya."
        )


class DateField(forms.DateField):
    """A date as browsers send it, or typed dd-mm-yyyy or dd/mm/yyyy where one has no calendar."""

    widget = DateInput
    default_validators = [check_year]

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"])
        super().__init__(**kwargs)


class InstantField(forms.DateTimeField):
    """A date and time in the office's zone, as browsers send it; the cleaned value is aware."""

    widget = InstantInput
    default_validators = [check_year]


class LongText(forms.CharField):
    """Several lines of text."""

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={**NOT_ONES_OWN, "rows": rows}))
        super().__init__(**kwargs)


class YesNoField(forms.TypedChoiceField):
    """Two buttons, neither chosen beforehand; the value is a bool."""

    def __init__(self, *, choices: Sequence[tuple[str, str]] = YES_NO, **kwargs: Any) -> None:
        super().__init__(
            choices=choices,
            coerce=lambda value: value == "ya",
            empty_value=None,
            widget=forms.RadioSelect,
            **kwargs,
        )


class UploadField(forms.FileField):
    """A file that `check` (of uploads.py) lets pass; the cleaned value is an Upload or None.

    `is_lost`: the form names a file that waits no more.
    """

    is_lost = False

    def __init__(self, *, check: Callable[[Upload], object], accept: str, **kwargs: Any) -> None:
        self.check = check
        super().__init__(
            allow_empty_file=True,  # the check says it better
            widget=forms.FileInput(
                attrs={
                    "accept": accept,
                    "data-max-bytes": settings.MAX_UPLOAD_BYTES,
                    "data-max-label": f"{settings.MAX_UPLOAD_BYTES // 1024 // 1024} MB",
                }
            ),
            **kwargs,
        )

    def wait(self, posted: str, file_name: str, key: str) -> None:
        """Say that a sound file waits under `key` and need not be chosen again.

        The form that came back names it beside the field that it sends as `posted`.
        """
        self.required = self.widget.is_required = False
        self.help_text = format_html(
            "<strong>{} sudah diterima dan menunggu.</strong> Perbaiki isian yang lain; berkas ini "
            'tidak perlu dipilih lagi, kecuali bila hendak diganti.<input type="hidden" '
            'name="{}" value="{}">',
            file_name,
            self.waiting_name(posted),
            key,
        )

    @staticmethod
    def waiting_name(posted: str) -> str:
        """Under which name a form says what waits for its field `posted`."""
        return f"{posted}-menunggu"

    def clean(self, data: "UploadedFile[bytes] | None", initial: Any = None) -> Upload | None:
        if self.is_lost and not data:
            raise ValidationError(
                "Berkas yang tadi menunggu sudah tidak ada. Isian lainnya tersimpan; pilih "
                "kembali berkasnya."
            )
        uploaded = super().clean(data, initial)
        if not uploaded:
            return None
        try:
            upload = read_upload(uploaded)
            self.check(upload)
        except InvalidInput as error:
            raise ValidationError(list(error.errors[""])) from error
        return upload


SCAN_TYPES: Final = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"
PDF_TYPES: Final = ".pdf,application/pdf"
XLSX_TYPES: Final = ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
