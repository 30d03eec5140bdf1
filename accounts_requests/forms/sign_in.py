"""The form of the sign-in page."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from accounts_requests import clock, sign_ins


class SignInForm(AuthenticationForm):
    """User name and password. ``was_refused`` tells that both were given and did not fit."""

    error_messages = {
        "invalid_login": (
            "Nama pengguna atau password tidak sesuai. Periksa keduanya; huruf besar dan kecil "
            "pada password dibedakan."
        ),
        "inactive": "Akun ini tidak aktif. Hubungi Pengelola Aplikasi.",
    }
    was_refused = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Nama pengguna"
        self.fields["password"].label = "Password"

    def clean(self) -> dict[str, Any]:
        username, password = (self.cleaned_data.get(name) for name in ("username", "password"))
        if not username or not password:
            return self.cleaned_data
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        if sign_ins.is_locked(username, address, clock.now()):
            raise ValidationError(sign_ins.LOCKED, code="locked")
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError:
            self.was_refused = True
            raise
        return cleaned
