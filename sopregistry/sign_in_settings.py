"""How people sign in: the part of the settings that is the same everywhere.

django-allauth does the work; what each of its hooks means is written in adapters.py.
"""

AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name", "email", "nip")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
# Only the addresses in accounts_requests/urls.py exist: no sign-up, no e-mail management, no
# password by mail, no accounts of other sites.
ACCOUNT_ADAPTER = "accounts_requests.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]  # asked for by allauth's checks
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True  # how long a session lasts is the office's choice, not a tick
ACCOUNT_LOGIN_TIMEOUT = 10 * 60  # seconds between the password and the second factor
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60  # seconds for which a password counts as just given
# Counted in the cache, before the password is looked at. The narrow limit comes first, so that
# somebody who is locked out does not use up what the whole office shares.
ACCOUNT_RATE_LIMITS = {
    # Refused attempts for one name from one address; of one person's second factor, wherever from.
    "login_failed": "5/15m/key",
    # Refused attempts from one address. Apart, because allauth empties every count of
    # "login_failed" once a second factor was right: one's own success would clear the refusals of
    # all the others who share the address, an attacker's guesses among them.
    "login_failed_from_here": "50/15m/ip",
    # Attempts for one name, wherever from. One address alone cannot reach it.
    "login_failed_anywhere": "30/h/key",
    "login": "60/m/ip",
    "change_password": "10/15m/user",
    "reauthenticate": "10/15m/user",
}
MFA_ADAPTER = "accounts_requests.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Registri SOP Akun SPSE"
MFA_TOTP_PERIOD = 30  # seconds
MFA_TOTP_TOLERANCE = 1  # the code before and the code after: telephones are seldom exact

# Seconds: the longest session that an office may choose; user_sessions.py ends it sooner.
SESSION_COOKIE_AGE = 24 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_SERIALIZER = "accounts_requests.session_cipher.EncryptedSerializer"
