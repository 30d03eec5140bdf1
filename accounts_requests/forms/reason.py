"""A reason: for cancelling, returning, taking over, unlocking, giving up …"""

from typing import Any

from accounts_requests.forms.base import LongText, SopForm

SHORTEST_REASON = 10
"""Characters below which a reason explains nothing."""


def reason_field(label: str, help_text: str = "", *, required: bool = True) -> LongText:
    """A field for a reason, long enough to be one."""
    return LongText(
        label=label,
        required=required,
        min_length=SHORTEST_REASON,
        max_length=2000,
        rows=3,
        help_text=help_text,
        error_messages={
            "required": f"{label} wajib diisi.",
            "min_length": f"{label} terlalu singkat. Tuliskan sedikitnya %(limit_value)d karakter "
            "agar dapat dipahami kemudian.",
        },
    )


class ReasonForm(SopForm):
    """One reason; `label` and `help_text` say for what."""

    def __init__(
        self, data: Any = None, *, label: str = "Alasan", help_text: str = "", **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["reason"] = reason_field(label, help_text)
        self.arrange()

    def reason(self) -> str:
        """The reason, once the form is valid."""
        reason: str = self.cleaned_data["reason"]
        return reason
