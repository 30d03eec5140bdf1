"""What became of one account in SPSE (step 3)."""

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts_requests.forms.base import NOT_ONES_OWN, LongText, Noted, SopForm, row
from accounts_requests.forms.reason import reason_field
from accounts_requests.models import Account, Office
from accounts_requests.registrants import check_email, check_user_id
from accounts_requests.states import STEP3_OUTCOMES, AccountState

_OUTCOMES = [(state.value, state.label) for state in STEP3_OUTCOMES]


class AccountForm(SopForm):
    """The outcome of `account`: created with its data in SPSE, or refused or postponed, why.

    Until something is recorded it proposes what the Formulir says. `chosen()` tells which act of
    the workflow the cleaned data are for.
    """

    outcome = forms.ChoiceField(
        label="Hasil", choices=_OUTCOMES, widget=forms.RadioSelect, initial=AccountState.CREATED
    )
    user_id = forms.CharField(
        label="User ID di SPSE",
        required=False,
        max_length=30,
        widget=forms.TextInput(
            attrs={**NOT_ONES_OWN, "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    registered_email = forms.EmailField(
        label="E-mail terdaftar di SPSE",
        required=False,
        widget=forms.EmailInput(attrs=NOT_ONES_OWN),
        help_text="User id dan password dikirim ke alamat ini.",
    )
    matches_form = forms.BooleanField(label="Data sama dengan Formulir", required=False)
    difference = LongText(
        label="Perbedaan dengan Formulir",
        required=False,
        max_length=2000,
        rows=2,
        help_text="Wajib bila data berbeda; dicatat sebagai penyimpangan.",
    )
    reason = reason_field(
        "Alasan", "Wajib bila akun tidak dapat dibuat atau ditunda.", required=False
    )

    def __init__(
        self, data: Any = None, *, account: Account, office: Office, **kwargs: Any
    ) -> None:
        self._office = office
        registrant = account.registrant
        recorded = account.state in STEP3_OUTCOMES
        kwargs["initial"] = {
            "outcome": account.state if recorded else AccountState.CREATED,
            "user_id": account.user_id or registrant.proposed_user_id,
            "registered_email": account.registered_email or registrant.email,
            "matches_form": account.matches_form,
            "difference": account.difference,
            "reason": account.reason,
            **kwargs.get("initial", {}),
        }
        super().__init__(data, **kwargs)

    def sections(self) -> Sequence[Any]:
        return [
            Noted("outcome"),
            row(("user_id", 6), ("registered_email", 6)),
            *map(Noted, ("matches_form", "difference", "reason")),
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen outcome needs."""
        super().clean()
        data = self.cleaned_data
        if self.chosen() == AccountState.CREATED:
            self.add_sentences(
                {
                    "user_id": check_user_id(data.get("user_id", ""), office=self._office),
                    "registered_email": check_email(data.get("registered_email", "")),
                }
            )
        elif data.get("outcome") and not data.get("reason"):
            self.add_sentences({"reason": ["Alasan wajib diisi. Tuliskan apa yang terjadi."]})
        return data

    def chosen(self) -> str:
        """One of STEP3_OUTCOMES, "" while none is chosen."""
        chosen: str = self.cleaned_data.get("outcome", "")
        return chosen
