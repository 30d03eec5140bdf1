"""What is asked about packages and about secrets before a change is accepted."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parent.parent


# -- known vulnerabilities -----------------------------------------------------------------------


def audited(answer: str, folder: Path) -> tuple[int, str]:
    """Run script/audit with a pip-audit that answers so; its exit code and what it says."""
    (folder / "script").mkdir()
    shutil.copy(PROJECT / "script" / "audit", folder / "script")
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / "answer").write_text(answer, encoding="utf-8")
    python = folder / ".venv" / "bin" / "python"
    python.write_text(
        f'#!/bin/sh\n[ "$1" = -m ] && {{ cat {folder}/answer; exit 1; }}\n'
        f'exec {sys.executable} "$@"\n',
        encoding="utf-8",
    )
    python.chmod(0o700)
    result = subprocess.run(
        [folder / "script" / "audit"], capture_output=True, text=True, check=False
    )
    assert result.stderr == ""
    return result.returncode, result.stdout


def answered(*packages: dict[str, Any]) -> str:
    return json.dumps({"dependencies": list(packages), "fixes": []})


CLEAN = {"name": "django", "version": "5.2.19", "vulns": []}
UNKNOWN = {"name": "segno", "skip_reason": "Dependency not found"}


def test_packages_without_known_vulnerabilities_pass(tmp_path: Path) -> None:
    assert audited(answered(CLEAN, UNKNOWN), tmp_path) == (
        0,
        "1 pustaka diperiksa, 1 tidak dikenal layanannya.\n",
    )


def test_a_known_vulnerability_is_named_and_ends_the_audit(tmp_path: Path) -> None:
    found = {"id": "PYSEC-2026-1", "fix_versions": ["12.1"]}
    bad = {"name": "pillow", "version": "12.0", "vulns": [found]}

    assert audited(answered(CLEAN, bad), tmp_path) == (
        1,
        (
            "✗ pillow 12.0: PYSEC-2026-1 (diperbaiki pada: 12.1)\n"
            "2 pustaka diperiksa, 0 tidak dikenal layanannya.\n"
        ),
    )


@pytest.mark.parametrize("answer", ["", "no route to host", answered(), answered(UNKNOWN)])
def test_where_nobody_answers_it_is_said_and_the_work_goes_on(answer: str, tmp_path: Path) -> None:
    assert audited(answer, tmp_path) == (
        0,
        "Tidak ada layanan kerentanan yang menjawab: pustaka yang dipakai tidak diperiksa.\n",
    )


# -- secrets -------------------------------------------------------------------------------------

# Put together here, so that this file itself holds none.
SECRETS = {
    "a key of a cloud": 'key = "AKIA' + 'QYLPMN5HFIQR7XYA"',
    "a private key": "-----BEGIN RSA PRIVATE" + " KEY-----",
    "a password in an address": 'DATABASE = "postgres://app:' + 'kR8vQ2xT@db/lpse"',
    "a password": 'password = "' + 'kR8-vQ2xTm4"',
    "a token": 'token = "ghp' + "_" + "a1B2" * 9 + '"',
}


def looked_for(*files: Path) -> tuple[int, str]:
    result = subprocess.run(
        [sys.executable, PROJECT / "script" / "find_secrets", *files],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stderr == ""
    return result.returncode, result.stdout


@pytest.mark.parametrize("line", SECRETS.values(), ids=SECRETS.keys())
def test_a_secret_is_found_and_its_place_told_without_it(line: str, tmp_path: Path) -> None:
    place = tmp_path / "settings.py"
    place.write_text(f"# Nothing here.\n\n{line}\n", encoding="utf-8")

    code, said = looked_for(place)

    assert code == 1
    assert "settings.py:3: " in said
    assert line not in said
    assert line.rpartition('"')[0].rpartition('"')[2] not in said or '"' not in line


def test_a_file_without_secrets_passes(tmp_path: Path) -> None:
    place = tmp_path / "settings.py"
    place.write_text('password = "Ketik password Anda."\n', encoding="utf-8")

    assert looked_for(place) == (0, "")
