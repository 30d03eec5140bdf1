"""Production refuses to start until it is safely configured; a demo needs nothing."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest
from cryptography.fernet import Fernet

PROJECT = Path(__file__).resolve().parent.parent
COMPLETE = {
    "SOPREGISTRY_MODE": "production",
    "SECRET_KEY": "k" * 30 + "0123456789abcdefghijklmnopqrstuvwxyz",
    "ENCRYPTION_KEYS": ",".join(Fernet.generate_key().decode() for _ in range(2)),
    "EMAIL_URL": "smtp+tls://lpse:sandi@mail.example.go.id:587",
    "ALLOWED_HOSTS": "lpse.example.go.id",
}


def _read_setting(
    expression: str, environment: dict[str, str], data_dir: Path
) -> subprocess.CompletedProcess[str]:
    """Load the settings in a process of its own and print `expression` of them."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", f"from sopregistry import settings; print({expression})"],
        cwd=PROJECT,
        env={**inherited, "DATA_DIR": str(data_dir), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def _refusal(environment: dict[str, str], data_dir: Path) -> str:
    result = _read_setting("'started'", environment, data_dir)
    assert result.stdout == ""
    assert result.returncode == 1
    exception, _, sentence = result.stderr.strip().splitlines()[-1].partition(": ")
    assert exception == "django.core.exceptions.ImproperlyConfigured"
    return sentence


def test_a_complete_production_starts(tmp_path: Path) -> None:
    result = _read_setting(
        "settings.PRODUCTION, settings.SESSION_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT,"
        " settings.SECURE_HSTS_SECONDS, settings.EMAIL_USE_TLS, len(settings.ENCRYPTION_KEYS)",
        COMPLETE,
        tmp_path,
    )
    assert (result.stdout, result.stderr) == ("True True True 31536000 True 2\n", "")


def test_production_knows_no_hash_of_a_password_but_argon2id(tmp_path: Path) -> None:
    result = _read_setting("settings.PASSWORD_HASHERS", COMPLETE, tmp_path)

    assert result.stdout == "['django.contrib.auth.hashers.Argon2PasswordHasher']\n"


@pytest.mark.parametrize("name", ["SECRET_KEY", "ENCRYPTION_KEYS", "EMAIL_URL", "ALLOWED_HOSTS"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_production_names_the_variable_that_is_missing(
    name: str, value: str | None, tmp_path: Path
) -> None:
    environment = {key: text for key, text in COMPLETE.items() if key != name}
    if value is not None:
        environment[name] = value
    assert _refusal(environment, tmp_path).startswith(f"Variabel {name} belum diisi: ")


def test_a_start_without_any_configuration_is_a_refused_production(tmp_path: Path) -> None:
    assert _refusal({}, tmp_path) == (
        "Variabel SECRET_KEY belum diisi: kunci acak minimal 50 karakter untuk sesi dan tanda "
        "tangan. Untuk mencoba aplikasi tanpa konfigurasi, gunakan SOPREGISTRY_MODE=demo."
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"DEBUG": "1"},
            (
                "DEBUG tidak boleh menyala pada mode production. "
                "Hapus variabel DEBUG, lalu jalankan ulang."
            ),
        ),
        (
            {"SECRET_KEY": "pendek"},
            "SECRET_KEY terlalu pendek: gunakan minimal 50 karakter acak.",
        ),
        (
            {"ENCRYPTION_KEYS": f"{Fernet.generate_key().decode()},bukan-kunci"},
            "Kunci ke-2 pada ENCRYPTION_KEYS bukan kunci Fernet (32 bita, base64).",
        ),
        (
            {"EMAIL_URL": "consolemail://"},
            (
                "EMAIL_URL pada mode production harus menunjuk server SMTP "
                "(smtp://, smtp+tls:// atau smtp+ssl://): "
                "langkah 4 SOP selesai karena jawaban server."
            ),
        ),
        (
            {"SOPREGISTRY_MODE": "prod"},
            "SOPREGISTRY_MODE='prod' tidak dikenal. Pilihan: demo, production, test.",
        ),
    ],
)
def test_production_refuses_what_is_unsafe(
    change: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    assert _refusal(COMPLETE | change, tmp_path) == sentence


def test_a_demo_starts_without_configuration_and_keeps_its_keys_to_itself(tmp_path: Path) -> None:
    expression = "settings.SECRET_KEY, settings.ENCRYPTION_KEYS"
    first = _read_setting(expression, {"SOPREGISTRY_MODE": "demo"}, tmp_path)
    second = _read_setting(expression, {"SOPREGISTRY_MODE": "demo"}, tmp_path)
    assert first.returncode == 0
    assert first.stdout == second.stdout
    names = ("secret-key", "encryption-key", "credential-keys")
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in names]
    assert modes == [0o600, 0o600, 0o700]


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    command = (
        "from sopregistry.generated_secrets import read_or_create; import os, pathlib, sys;"
        "print(read_or_create(pathlib.Path(sys.argv[1]), lambda: os.urandom(8).hex()))"
    )
    starting = [
        subprocess.Popen(
            [sys.executable, "-c", command, str(tmp_path / "key")],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    keys = {process.communicate()[0] for process in starting}
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_demo_mail_stays_on_this_machine(tmp_path: Path) -> None:
    result = _read_setting(
        "settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH", {"SOPREGISTRY_MODE": "demo"}, tmp_path
    )
    assert result.stdout == (f"django.core.mail.backends.filebased.EmailBackend {tmp_path}/mail\n")


def test_postgresql_is_chosen_by_its_address(tmp_path: Path) -> None:
    result = _read_setting(
        "[settings.DATABASES['default'][key] for key in ('ENGINE', 'HOST', 'PORT', 'NAME')]",
        {"SOPREGISTRY_MODE": "demo", "DATABASE_URL": "postgres://app@db.example:5433/lpse"},
        tmp_path,
    )
    assert result.stdout == "['django.db.backends.postgresql', 'db.example', 5433, 'lpse']\n"


def test_only_public_keys_of_age_are_recipients_of_backups(tmp_path: Path) -> None:
    identity = pyrage.x25519.Identity.generate()
    demo = {"SOPREGISTRY_MODE": "demo"}
    recipient = str(identity.to_public())
    chosen = demo | {"BACKUP_DIR": str(tmp_path), "BACKUP_RECIPIENTS": f"{recipient}, {recipient}"}
    expression = "settings.BACKUP_DIR, len(settings.BACKUP_RECIPIENTS), settings.BACKUP_KEEP"
    assert _read_setting(expression, chosen, tmp_path).stdout == f"{tmp_path} 2 30\n"
    assert _read_setting(expression, demo, tmp_path).stdout == "None 0 30\n"
    # The secret key is refused without being repeated.
    sentence = _refusal(demo | {"BACKUP_RECIPIENTS": f"{recipient},{identity}"}, tmp_path)
    assert sentence == (
        "Kunci ke-2 pada BACKUP_RECIPIENTS bukan kunci publik age (age1…). Kunci rahasia "
        "(AGE-SECRET-KEY-…) tidak boleh berada di server ini."
    )


def test_manage_ends_a_refused_start_with_its_sentence_alone(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("Ditolak: Variabel SECRET_KEY belum diisi: ")
    assert result.stderr.count("\n") == 1
