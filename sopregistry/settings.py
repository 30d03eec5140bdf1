"""The one settings file. Everything that differs between places comes from the environment.

SOPREGISTRY_MODE decides how much is forgiven:

* `production` (the default) refuses to start until it is safely configured;
* `demo` needs no configuration: generated keys, mail as files under DATA_DIR, plain HTTP;
* `test` is set by tests/conftest.py.

docs/operations.md lists every variable.
"""

from pathlib import Path
from typing import Any

import environ
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF
from django.contrib.messages import constants as message_levels
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from sopregistry.backup_settings import *  # noqa: F403  settings are names of this module
from sopregistry.generated_secrets import read_or_create
from sopregistry.sign_in_settings import *  # noqa: F403  settings are names of this module

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- Mode ---------------------------------------------------------------------------------

SOPREGISTRY_MODE: str = env.str("SOPREGISTRY_MODE", default="production")
if SOPREGISTRY_MODE not in {"demo", "production", "test"}:
    raise ImproperlyConfigured(
        f"SOPREGISTRY_MODE={SOPREGISTRY_MODE!r} tidak dikenal. Pilihan: demo, production, test."
    )
DEMO = SOPREGISTRY_MODE == "demo"
PRODUCTION = SOPREGISTRY_MODE == "production"
DEBUG: bool = env.bool("DEBUG", default=False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured(
        "DEBUG tidak boleh menyala pada mode production. Hapus variabel DEBUG, lalu jalankan ulang."
    )


def required_in_production(name: str, purpose: str) -> str:
    """Return the variable `name`, or "" where it may be missing.

    Raises ImproperlyConfigured in production when it is missing or empty; `purpose` tells the
    operator, in Indonesian, what to put there.
    """
    value: str = env.str(name, default="").strip()
    if PRODUCTION and not value:
        raise ImproperlyConfigured(
            f"Variabel {name} belum diisi: {purpose} "
            "Untuk mencoba aplikasi tanpa konfigurasi, gunakan SOPREGISTRY_MODE=demo."
        )
    return value


# --- Where things are kept ----------------------------------------------------------------

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)

# One key file for each password that awaits its owner; kept out of the database and its
# backups, because destroying the key is what destroys the password.
CREDENTIAL_KEYS_DIR = Path(
    env.str("CREDENTIAL_KEYS_DIR", default=str(DATA_DIR / "credential-keys"))
).resolve()
CREDENTIAL_KEYS_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)

# An offset that moves the clock of every process together; read in demo and test only.
CLOCK_FILE = DATA_DIR / "clock.json"

# A directory with the certificates (PEM, DER) that the office trusts for signatures on an SK.
SIGNATURE_ANCHORS: str = env.str("SIGNATURE_ANCHORS", default="")
# The class of the adapter to the office's e-sign service, by its dotted path; empty: none.
SIGNING_SERVICE: str = env.str(
    "SIGNING_SERVICE",
    default="accounts_requests.signatures.example_service.ExampleService" if DEMO else "",
).strip()
CLOCK_MAY_MOVE = not PRODUCTION

# --- Secrets ------------------------------------------------------------------------------

SECRET_KEY: str = required_in_production(
    "SECRET_KEY", "kunci acak minimal 50 karakter untuk sesi dan tanda tangan."
)
if PRODUCTION and len(SECRET_KEY) < 50:  # as Django's own deploy check
    raise ImproperlyConfigured("SECRET_KEY terlalu pendek: gunakan minimal 50 karakter acak.")
if not SECRET_KEY:
    SECRET_KEY = read_or_create(DATA_DIR / "secret-key", get_random_secret_key)

# Fernet keys, newest first: the first encrypts, all of them decrypt.
ENCRYPTION_KEYS: list[str] = [
    key.strip()
    for key in required_in_production(
        "ENCRYPTION_KEYS", "satu atau beberapa kunci Fernet, dipisahkan koma, terbaru di depan."
    ).split(",")
    if key.strip()
]
if not ENCRYPTION_KEYS:
    ENCRYPTION_KEYS = [
        read_or_create(DATA_DIR / "encryption-key", lambda: Fernet.generate_key().decode())
    ]
for number, key in enumerate(ENCRYPTION_KEYS, start=1):
    try:
        Fernet(key)
    except ValueError as error:
        raise ImproperlyConfigured(
            f"Kunci ke-{number} pada ENCRYPTION_KEYS bukan kunci Fernet (32 bita, base64)."
        ) from error

# --- Addresses ----------------------------------------------------------------------------

ALLOWED_HOSTS: list[str] = [
    host.strip()
    for host in required_in_production(
        "ALLOWED_HOSTS", "nama host aplikasi ini, dipisahkan koma."
    ).split(",")
    if host.strip()
] or ["localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# The address people reach us at, for links in mail and QR codes on paper; no trailing slash.
PUBLIC_URL: str = env.str(
    "PUBLIC_URL",
    default=f"https://{ALLOWED_HOSTS[0]}"
    if PRODUCTION
    else f"http://localhost:{env.str('PORT', default='8000')}",
).rstrip("/")

ROOT_URLCONF = "sopregistry.urls"
WSGI_APPLICATION = "sopregistry.wsgi.application"

# --- Application --------------------------------------------------------------------------

INSTALLED_APPS = [
    "accounts_requests",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_bootstrap5",
    "crispy_forms",
    "csp",
    "django_fsm",
    "django_htmx",
    "js_lib_bootstrap5",
    "lucide",
]
MIDDLEWARE = [
    # Before all that answer by themselves: static files and redirects carry these headers as well.
    "csp.middleware.CSPMiddleware",
    "accounts_requests.middleware.closed_by_default",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts_requests.middleware.private_pages",
    "accounts_requests.middleware.readable_addresses",
    "accounts_requests.middleware.client_address",
    "accounts_requests.middleware.audit_origin",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts_requests.middleware.live_sessions",
    "accounts_requests.middleware.SecondFactorFirst",
    "accounts_requests.middleware.spoken_refusals",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts_requests.context_processors.frame",
            ],
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
# Bootstrap calls what Django names "error" "danger".
MESSAGE_TAGS = {message_levels.ERROR: "danger"}

# --- Database -----------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: two transactions that read before they write would otherwise meet as
    # "database is locked". WAL: readers do not wait for the writer. secure_delete: what was
    # erased is overwritten. Django itself switches foreign_keys on; it is named here so that
    # nobody has to know.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds
        "init_command": (
            "PRAGMA journal_mode=WAL;"
            "PRAGMA synchronous=NORMAL;"
            "PRAGMA foreign_keys=ON;"
            "PRAGMA secure_delete=ON;"
        ),
    }
    # Tests meet a real file, with its locks and its WAL, as production does.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60  # seconds
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True

# In the database, so that sign-in limits hold across restarts and processes.
# `manage.py createcachetable` makes the table.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# --- People and passwords -----------------------------------------------------------------

AUTH_USER_MODEL = "accounts_requests.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if SOPREGISTRY_MODE == "test":
    # Argon2id takes a quarter of a second and 100 MiB for each of a test's eight people.
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")
# A demonstration runs on http://localhost, where the browser itself allows passkeys.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

# --- Language and time --------------------------------------------------------------------

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia")]
USE_I18N = True
FORMAT_MODULE_PATH = ["sopregistry.formats"]
# The office's zone (WITA). Instants are stored in UTC and shown in this one.
TIME_ZONE = "Asia/Makassar"
USE_TZ = True

# --- Mail ---------------------------------------------------------------------------------

_email_url = required_in_production(
    "EMAIL_URL", "server e-mail, misalnya smtp+tls://pengguna:sandi@mail.contoh.go.id:587."
)
_email = environ.Env.email_url_config(_email_url) if _email_url else {}
EMAIL_BACKEND: str = _email.get("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_HOST: str = _email.get("EMAIL_HOST") or "localhost"
EMAIL_PORT: int = _email.get("EMAIL_PORT") or 25
EMAIL_HOST_USER: str = _email.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD: str = _email.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS: bool = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL: bool = _email.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH: str = _email.get("EMAIL_FILE_PATH") or str(DATA_DIR / "mail")
EMAIL_TIMEOUT = 30  # seconds
EMAIL_SUBJECT_PREFIX = ""
DEFAULT_FROM_EMAIL: str = env.str(
    "DEFAULT_FROM_EMAIL", default=f"LPSE <no-reply@{ALLOWED_HOSTS[0].strip('.')}>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
if PRODUCTION and EMAIL_BACKEND != "django.core.mail.backends.smtp.EmailBackend":
    raise ImproperlyConfigured(
        "EMAIL_URL pada mode production harus menunjuk server SMTP "
        "(smtp://, smtp+tls:// atau smtp+ssl://): langkah 4 SOP selesai karena jawaban server."
    )

# --- Uploads ------------------------------------------------------------------------------

MAX_UPLOAD_BYTES = 10 * 1024 * 1024  # one file; views refuse a larger one with a sentence
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "accounts_requests.uploads.receiving.BoundedUpload",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # larger ones wait on disk
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # a form without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # fifty people with every field of the Formulir
DATA_UPLOAD_MAX_NUMBER_FILES = 10  # no form asks for more than one
FILE_UPLOAD_PERMISSIONS = 0o600

# --- Static files -------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns of a missing one
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if SOPREGISTRY_MODE == "test"
        else "sopregistry.static_storage.StaticStorage"
    },
}
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["gif", "ico", "jpg", "map", "png", "webp", "woff", "woff2"]
# Tests and runserver read the files where they lie; the others from STATIC_ROOT.
WHITENOISE_USE_FINDERS = SOPREGISTRY_MODE == "test" or DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# --- Security -----------------------------------------------------------------------------

SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = PRODUCTION
# The __Host- prefix lets a browser refuse the cookie from anything but this host over HTTPS.
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrf"
CSRF_FAILURE_VIEW = "accounts_requests.views.errors.csrf_failure"

SECURE_SSL_REDIRECT: bool = env.bool("SECURE_SSL_REDIRECT", default=PRODUCTION)
# A monitor asks without TLS and from this machine; the answer holds nothing about anybody.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS: int = env.int(
    "SECURE_HSTS_SECONDS", default=365 * 24 * 60 * 60 if PRODUCTION else 0
)
SECURE_HSTS_INCLUDE_SUBDOMAINS: bool = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD: bool = env.bool("SECURE_HSTS_PRELOAD", default=False)
if env.bool("TRUST_PROXY_SSL_HEADER", default=False):
    # Only behind a proxy that always sets this header itself.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Sign-ins are limited, and acts recorded, by the client's address.
TRUST_PROXY_CLIENT_ADDRESS: bool = env.bool("TRUST_PROXY_CLIENT_ADDRESS", default=False)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
    }
}
# The operator decides both by environment: other hosts of the domain may not be ours to bind.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# --- Reports of errors --------------------------------------------------------------------

DEFAULT_EXCEPTION_REPORTER = "sopregistry.error_reports.Reporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "sopregistry.error_reports.Filter"

# --- Logging ------------------------------------------------------------------------------

# One line for each event on standard error. Nothing here prints a request's body, a form's
# values or a query's parameters.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "sopregistry.log_lines.Line",
            "fmt": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # At WARNING it would name each missing address, and addresses carry codes of documents.
        "django.request": {"level": "ERROR"},
        # At DEBUG this one would print whole contexts, that of a mail with its password among them,
        "django.template": {"level": "INFO"},
        # and this one the values of every query.
        "django.db.backends": {"level": "INFO"},
        # These narrate each start, each glyph, each passkey.
        "fido2": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
