"""The forms of signing in, of a new password and of the second factor: allauth's, in our words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError

from accounts_requests import audit, sign_ins
from accounts_requests.adapters import WRONG_CODE
from accounts_requests.exceptions import SecretUnavailable
from accounts_requests.models import User

NAME_LENGTH = 60
NOT_PROVEN = (
    "Passkey tidak dapat diperiksa. Coba sekali lagi; bila tetap gagal, gunakan kode dari aplikasi "
    "autentikator atau kode pemulihan."
)
# As long as allauth accepts a code: the one of now, those before and those after.
_CODE_LIVES = settings.MFA_TOTP_PERIOD * (2 * settings.MFA_TOTP_TOLERANCE + 1)  # seconds


def _speak(field: forms.Field, label: str, **attributes: str) -> None:
    """Label a field of allauth's; placeholders repeat the label and go."""
    field.label = label
    field.help_text = ""
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attributes)


class SignInForm(LoginForm):
    """User name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _speak(self.fields["login"], "Nama pengguna", autocapitalize="none", spellcheck="false")
        _speak(self.fields["password"], "Password")

    def add_prefix(self, field_name: str) -> str:
        """Send the name as ``username``, as password managers know it; allauth calls it login."""
        name: str = super().add_prefix("username" if field_name == "login" else field_name)
        return name

    def clean_login(self) -> str:
        """The name as it is stored: telephones like to begin with a capital."""
        typed = str(super().clean_login())
        stored = User.objects.filter(username__iexact=typed).values_list("username", flat=True)
        names = list(stored[:2])
        return names[0] if len(names) == 1 else typed


class PasswordAgainForm(ReauthenticateForm):
    """The password, once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _speak(self.fields["password"], "Password")


class NewPasswordForm(ChangePasswordForm):
    """The password of now, and twice the new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _speak(self.fields["oldpassword"], "Password sekarang")
        _speak(self.fields["password1"], "Password baru")
        _speak(self.fields["password2"], "Ulangi password baru")
        self.fields["password1"].help_text = (
            "Sedikitnya 12 karakter; bukan angka saja, bukan password yang lazim, dan tidak mirip "
            "dengan data diri."
        )

    def clean(self) -> dict[str, Any]:
        """Refuse two different new ones, and the old one again."""
        given: dict[str, Any] = self.cleaned_data
        first, second = given.get("password1"), given.get("password2")
        if first and second and first != second:
            self.add_error("password2", "Kedua password baru tidak sama. Ketik kembali keduanya.")
        elif first and first == given.get("oldpassword"):
            self.add_error("password1", "Password baru harus berbeda dari yang sekarang.")
        return given


class CodeForm(AuthenticateForm):
    """A code of the authenticator, or a recovery code; each works once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _speak(self.fields["code"], "Kode", inputmode="numeric", spellcheck="false")

    def clean_code(self) -> str:
        """Raises ValidationError for a code that does not fit or was used before."""
        with _counted_from_here():
            try:
                code = str(super().clean_code())
            except SecretUnavailable as error:
                raise ValidationError(str(error), code="unreadable") from error
            # allauth remembers a used code for one period, but accepts it for longer.
            if not cache.add(f"code-used:{audit.hashed((self.user.pk, code))}", 1, _CODE_LIVES):
                raise ValidationError(WRONG_CODE, code="incorrect_code")
            return code


class PasskeyForm(AuthenticateWebAuthnForm):
    """What the browser answered for a passkey; filled in by passkey.js."""

    def clean_credential(self) -> Any:
        with _counted_from_here():
            return _proven(super().clean_credential)


class SetUpTotpForm(ActivateTOTPForm):
    """The first code of an authenticator, which proves that it holds the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _speak(self.fields["code"], "Kode dari aplikasi", inputmode="numeric", spellcheck="false")


class AddPasskeyForm(AddWebAuthnForm):
    """A new passkey and what its owner calls it; filled in by passkey.js."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label, name.max_length = "Nama passkey", NAME_LENGTH
        name.help_text = "Misalnya nama perangkatnya: Laptop kantor, Ponsel."
        name.widget.attrs.update(maxlength=str(NAME_LENGTH), autocomplete="off")

    def clean_name(self) -> str:
        return str(super().clean_name())[:NAME_LENGTH]

    def clean(self) -> Any:
        return _proven(super().clean)


@contextmanager
def _counted_from_here() -> Iterator[None]:
    """What is tried inside counts as refused from this address, unless it comes through.

    Raises ValidationError where the address has used up what it may.
    """
    take_back = sign_ins.count_from_here(context.request)
    if take_back is None:
        raise ValidationError(sign_ins.LOCKED, code="too_many_login_attempts")
    yield
    take_back()


def _proven(check: Any) -> Any:
    """What ``check`` says of a passkey's answer; its errors are about codes, ours about passkeys.

    The library stumbles over answers that no browser gives in its own ways (KeyError, TypeError,
    ValueError): they are wrong answers too.
    """
    try:
        return check()
    except ValidationError as error:
        if getattr(error, "code", "") == "too_many_login_attempts":
            raise
        raise ValidationError(NOT_PROVEN, code="incorrect_code") from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ValidationError(NOT_PROVEN, code="incorrect_code") from error
