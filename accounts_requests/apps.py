"""The application as Django knows it."""

from django.apps import AppConfig


class AccountsRequestsConfig(AppConfig):
    """Registers the system checks once the models are loaded."""

    name = "accounts_requests"
    verbose_name = "Registrasi akun SPSE"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what must hold before the application may serve."""
        # Importing registers the checks; they may be imported only once apps are ready.
        from accounts_requests import checks  # noqa: F401, PLC0415
