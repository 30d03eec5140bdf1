"""PostgreSQL: pg_dump from an exported snapshot; a load is one transaction of psql.

The programs get server and password through their environment, which nobody but this user can
read; the list of processes shows neither.
"""

import logging
import os
import re
import shutil
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path
from typing import IO, Any

from django.db import connection
from psycopg import pq, sql

from accounts_requests.exceptions import BackupError

from . import contents
from .contents import LEFT_OUT, Contents

logger = logging.getLogger(__name__)

NAME = "database.dump"
PACKAGE = "postgresql-client"
LOCK_SECONDS = 60

# Everything in the application's schema but what belongs to an extension.
_DROP_EVERYTHING = """
DO $drop$
DECLARE found record;
BEGIN
  FOR found IN
    SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                          WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind,
           format('%I.%I', n.nspname, c.relname) AS name
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
     ORDER BY c.relkind = 'S'  -- most sequences go with the table that owns them
  LOOP
    EXECUTE format('DROP %s IF EXISTS %s CASCADE', found.kind, found.name);
  END LOOP;
  FOR found IN
    SELECT format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
           AS name
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE n.nspname = current_schema()
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
  LOOP
    EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', found.name);
  END LOOP;
END $drop$;
"""


def make(folder: Path) -> tuple[Path, Contents]:
    """Dump into ``folder``; returns the file and what is in it, both from one snapshot."""
    target = folder / NAME
    database = connection.copy()
    try:
        with database.cursor() as cursor:

            def query(statement: str) -> list[Any]:
                cursor.execute(statement)
                return list(cursor.fetchall())

            _require_client("pg_dump", query("SHOW server_version_num")[0][0])
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            snapshot = query("SELECT pg_export_snapshot()")[0][0]
            found = contents.read(query, database.introspection.table_names(cursor))
            _run(
                [
                    "pg_dump",
                    "--format=custom",
                    # Papers are compressed already: 3 % larger, in a third of the time.
                    "--compress=1",
                    f"--snapshot={snapshot}",
                    f"--lock-wait-timeout={LOCK_SECONDS}s",
                    "--no-password",
                    *(f"--exclude-table-data={table}" for table in LEFT_OUT),
                    f"--file={target}",
                ],
                "Basis data PostgreSQL tidak dapat disalin",
            )
    finally:
        database.close()
    target.chmod(0o600)
    return target, found


def load(dump: Path, counts: dict[str, int]) -> None:
    """Replace everything in the application's schema by the ``dump``, in one transaction.

    Needs the role that owns the tables. psql gets its COMMIT only once pg_restore has come to a
    good end: whatever dies before leaves the database as it was.
    """
    with closing(connection.copy()) as database, database.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = cursor.fetchone()[0]
    for program in ("pg_restore", "psql"):
        _require_client(program, version)
    with tempfile.TemporaryFile() as told:
        psql = subprocess.Popen(  # noqa: S603  found on PATH; takes no words of others
            [
                *_found("psql"),
                "--no-psqlrc",
                "--quiet",
                "--no-password",
                "--set=ON_ERROR_STOP=1",
                "--set=VERBOSITY=terse",  # an error's context may quote a row
                "--file=-",
            ],
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=told,
        )
        try:
            restored = psql.stdin is not None and _pour(dump, psql.stdin, told, counts)
        except BrokenPipeError:
            restored = False
        finally:
            # Without the COMMIT, the end of its input makes psql leave everything undone.
            _close(psql.stdin)
            status = psql.wait()
        if status or not restored:
            raise BackupError(_refusal(told))
    dump.unlink()


def _pour(dump: Path, script: IO[bytes], told: IO[bytes], counts: dict[str, int]) -> bool:
    """Write the whole transaction to ``script``; False, and no COMMIT, when pg_restore failed."""
    script.write(f"BEGIN;\nSET LOCAL lock_timeout = '{LOCK_SECONDS}s';\n".encode())
    script.write(_DROP_EVERYTHING.encode())
    command = ["--no-owner", "--no-privileges", "--no-comments", "--file=-", str(dump)]
    with subprocess.Popen(  # noqa: S603  found on PATH; the dump is our own file
        [*_found("pg_restore"), *command], stdout=subprocess.PIPE, stderr=told
    ) as pg_restore:
        if pg_restore.stdout is not None:
            shutil.copyfileobj(pg_restore.stdout, script)
    if pg_restore.returncode:
        return False
    script.write(b"RESET search_path;\n")
    script.write(_require_counts(counts).encode())
    script.writelines(f"{statement};\n".encode() for statement in contents.holding())
    script.write(b"COMMIT;\n")
    return True


def _require_counts(counts: dict[str, int]) -> str:
    """A statement that fails unless each table has the rows it should have."""
    checks = [
        sql.SQL("IF (SELECT count(*) FROM {}) <> {} THEN RAISE EXCEPTION {}; END IF;\n").format(
            sql.Identifier(table), sql.Literal(count), sql.Literal("count of rows differs")
        )
        for table, count in counts.items()
    ]
    # Written out without a connection: names and numbers need none to be quoted.
    body = sql.SQL("").join(checks).as_string()
    return f"DO $count$ BEGIN\n{body}END $count$;\n"


def _run(command: list[str], what: str) -> None:
    """Run one of PostgreSQL's programs. Raises BackupError with ``what``; its words are logged."""
    with tempfile.TemporaryFile() as told:
        program = subprocess.run(  # noqa: S603  found on PATH; takes no words of others
            [*_found(command[0]), *command[1:]],
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=told,
            check=False,
        )
        if program.returncode:
            last = _log(told)
            if "No space left" in last:
                raise BackupError("Ruang disk habis ketika basis data disalin.")
            raise BackupError(f"{what} ({command[0]} berhenti dengan kode {program.returncode}).")


def _refusal(told: IO[bytes]) -> str:
    last = _log(told)
    if "lock timeout" in last:
        return (
            "Basis data sedang dipakai, sehingga tidak dapat dipulihkan. Tidak ada yang diubah. "
            "Hentikan web dan pekerja, lalu ulangi."
        )
    if "must be owner" in last or "permission denied" in last:
        return (
            "Peran PostgreSQL pada DATABASE_URL bukan pemilik tabel aplikasi, sehingga basis data "
            "tidak dapat dipulihkan. Tidak ada yang diubah. Ulangi dengan peran pemiliknya."
        )
    return (
        "PostgreSQL menolak isi cadangan; sebabnya tercatat di atas. Tidak ada yang diubah pada "
        "basis data."
    )


def _log(told: IO[bytes]) -> str:
    """Log the last words of a program and return them."""
    told.seek(0)
    words = told.read(10_000).decode(errors="replace").strip()
    if words:
        logger.error("%s", words)
    return words


def _close(pipe: IO[bytes] | None) -> None:
    try:
        if pipe is not None:
            pipe.close()
    except BrokenPipeError:
        pass


def _require_client(program: str, server_version: str) -> None:
    """Raises BackupError unless ``program`` is there and no older than the server."""
    told = subprocess.run(  # noqa: S603  found on PATH
        [*_found(program), "--version"], capture_output=True, text=True, check=False
    ).stdout
    version = re.search(r"(\d+)(?:\.\d+)?", told)
    server = int(server_version) // 10000
    if version is None or int(version[1]) < server:
        raise BackupError(
            f"Program {program} versi {version[1] if version else '?'} lebih tua daripada server "
            f"PostgreSQL versi {server}. Tidak ada yang diubah. Pasang paket Debian "
            f"{PACKAGE}-{server}, lalu ulangi."
        )


def _found(program: str) -> list[str]:
    path = shutil.which(program)
    if path is None:
        raise BackupError(
            f"Program {program} tidak ditemukan. Tidak ada yang diubah. Pasang paket Debian "
            f"{PACKAGE} (versi yang sama dengan server atau lebih baru), lalu ulangi."
        )
    return [path]


def _environment() -> dict[str, str]:
    """The environment in which PostgreSQL's programs reach the application's database."""
    names = {
        option.keyword.decode(): option.envvar.decode()
        for option in pq.Conninfo.get_defaults()
        if option.envvar
    }
    parameters = connection.get_connection_params()
    chosen = {
        names[keyword]: str(value) for keyword, value in parameters.items() if keyword in names
    }
    return {**os.environ, **chosen, "PGAPPNAME": "sopregistry", "LC_ALL": "C.UTF-8"}
