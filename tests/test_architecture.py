"""The layers hold: a module imports only what lies below it, and every module has its layer."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
APP = PROJECT / "accounts_requests"
MAX_LINES = 400

# From the bottom upwards. A package stands for everything in it. Within a layer modules may
# import each other, as long as they do not do so in a circle.
LAYERS: list[tuple[str, set[str]]] = [
    (
        "vocabulary",
        {"states", "limit_terms", "roles", "exceptions", "faults", "words", "clock", "answers"},
    ),
    (
        "arithmetic",
        {
            "document_codes",
            "grades",
            "identity_numbers",
            "office_days",
            "retention",
            "sheet_flow",
            "working_time",
            "working_time_table",
        },
    ),
    ("records", {"models"}),
    (
        "rules of what is typed",
        {
            "calendar_typing",
            "decree_data",
            "decree_defaults",
            "office_rules",
            "person_data",
            "person_rules",
            "reading_content",
            "reading_notes",
            "registrants",
            "signatures",
            "step_limits",
            "uploads",
            "user_ids",
        },
    ),
    (
        "what was done",
        {
            "audit",
            "audit_many",
            "deviation_parts",
            "deviation_states",
            "database_roles",
            "guard_rails",
            "guarded_tables",
            "office_parts",
            "office_rails",
            "archive_parts",
            "archive_rails",
            "rail",
            "record_parts",
            "record_seals",
            "sealed_part",
        },
    ),
    (
        "permission and policy",
        {
            "accountability_rules",
            "archive_rules",
            "executor_roles",
            "late_entry_rules",
            "permissions",
            "account_policies",
            "policies",
            "signing_policies",
            "repeats",
        },
    ),
    (
        "services",
        {
            "addenda",
            "anchoring",
            "appointing",
            "archive_contents",
            "archive_register",
            "attempts",
            "archive_standing",
            "archive_words",
            "backup_files",
            "backups",
            "bounces",
            "bundles",
            "calendar_changes",
            "calendar_checks",
            "calendar_clock",
            "calendar_content",
            "calendar_keeping",
            "calendar_pages",
            "calendar_pasting",
            "calendar_proposals",
            "case_record",
            "case_register",
            "case_sheet",
            "content_alarm",
            "content_checks",
            "credentials",
            "day_limits",
            "deadline_basis",
            "deadline_moves",
            "cause_hints",
            "deviation_figures",
            "deviation_queues",
            "deviation_reminders",
            "deviation_rows",
            "deviations",
            "documents",
            "dumps",
            "evidence_making",
            "evidence_packages",
            "exports",
            "figure_rows",
            "figures",
            "finished_runs",
            "forecasts",
            "later_deliveries",
            "pictures",
            "report_periods",
            "health",
            "invitations",
            "keeping",
            "late_effects",
            "key_pages",
            "lateness",
            "mail_texts",
            "monitoring",
            "monitoring_drafts",
            "next_steps",
            "nightly_backup",
            "one_state",
            "outage_register",
            "overview",
            "outages",
            "outbox",
            "paper_retries",
            "papers",
            "password_links",
            "reading_keeping",
            "reading_sheet",
            "reading_succession",
            "questionnaires",
            "readings",
            "reaping",
            "replay",
            "revision_comparison",
            "revision_content",
            "revision_keeping",
            "revision_standing",
            "second_factors",
            "seeding",
            "session_cipher",
            "sign_ins",
            "signing_queue",
            "smtp",
            "sop_sheet",
            "spreadsheets",
            "staged_uploads",
            "stored_contents",
            "state_diagram",
            "time_shares",
            "timers",
            "trust_anchors",
            "user_keeping",
            "user_register",
            "user_sessions",
            "verification",
            "verifying",
            "deadline_warnings",
            "work_queues",
        },
    ),
    ("the gate", {"acts", "workflow"}),
    ("background work", {"worker", "demo", "restoring"}),
    (
        "edges",
        {
            "adapters",
            "admin",
            "apps",
            "calendar_urls",
            "checks",
            "context_processors",
            "forms",
            "management",
            "middleware",
            "report_urls",
            "reading_urls",
            "revision_urls",
            "user_urls",
            "safe_start",
            "templatetags",
            "urls",
            "views",
        },
    ),
]
LEVEL = {name: level for level, (_, names) in enumerate(LAYERS) for name in names}
# Django generates these and finds them by name.
OUTSIDE_LAYERS = {"__init__", "migrations"}

MODULES = sorted(
    path for path in APP.rglob("*.py") if "migrations" not in path.relative_to(APP).parts
)
ALL_CODE = [*MODULES, *sorted((PROJECT / "sopregistry").rglob("*.py")), PROJECT / "manage.py"]
CLOCK_READINGS = re.compile(
    r"\b(?:timezone\.(?:now|localdate|localtime)\b(?!\s*\(\s*\w)"
    r"|datetime\.(?:now|utcnow|today)\b|date\.today\b|time\.time\b)"
)


def _identify(path: Path) -> str:
    return str(path.relative_to(PROJECT))


def _part(path: Path) -> str:
    """Return the module or package directly under the app that `path` belongs to."""
    return path.relative_to(APP).parts[0].removesuffix(".py")


def _imported_parts(path: Path) -> Iterator[tuple[int, str, str]]:
    """Yield line, part of the app and full name of everything of ours that `path` imports."""
    package = ("accounts_requests", *path.relative_to(APP).parent.parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *filter(None, [node.module])])
            names = [f"{module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            root, _, rest = name.partition(".")
            if root == "accounts_requests" and rest:
                yield node.lineno, rest.partition(".")[0], rest


@pytest.mark.parametrize("path", MODULES, ids=_identify)
def test_a_module_has_a_layer_and_imports_only_what_lies_below(path: Path) -> None:
    part = _part(path)
    if part in OUTSIDE_LAYERS:
        return
    assert part in LEVEL, f"{part} has no layer: give it one in LAYERS"
    upwards = [
        f"line {line}: {part} imports {name}"
        for line, imported, name in _imported_parts(path)
        if imported not in OUTSIDE_LAYERS and LEVEL.get(imported, len(LAYERS)) > LEVEL[part]
    ]
    assert upwards == []


def test_no_parts_import_each_other_in_a_circle() -> None:
    imports: dict[str, set[str]] = {}
    for path in MODULES:
        part = _part(path)
        imports.setdefault(part, set()).update(
            imported for _, imported, _ in _imported_parts(path) if imported in LEVEL
        )
    imports = {part: targets - {part} for part, targets in imports.items() if part in LEVEL}
    # Taking away what depends on nothing that is left must take away everything.
    while free := {part for part, targets in imports.items() if not targets & imports.keys()}:
        imports = {part: targets for part, targets in imports.items() if part not in free}
    assert imports == {}


@pytest.mark.parametrize("path", ALL_CODE, ids=_identify)
def test_a_module_keeps_to_one_subject_and_a_readable_length(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


def _line_before_imports(lines: list[str], number: int) -> str:
    """Return the line above the block of imports that line `number` (from 1) belongs to."""
    above = (line.strip() for line in reversed(lines[: number - 1]))
    return next((line for line in above if not line.startswith(("from ", "import "))), "")


@pytest.mark.parametrize("path", ALL_CODE, ids=_identify)
def test_an_import_inside_a_function_says_why(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    lines = source.splitlines()
    unexplained = [
        f"line {node.lineno}: {lines[node.lineno - 1].strip()}"
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and not _line_before_imports(lines, node.lineno).startswith("# ")
        and not re.search(r"#.*\bPLC0415\s+\S", lines[node.lineno - 1])
    ]
    assert unexplained == []


@pytest.mark.parametrize("path", ALL_CODE, ids=_identify)
def test_only_the_clock_asks_the_machine_for_the_time(path: Path) -> None:
    if path == APP / "clock.py":
        return
    readings = [
        f"line {number}: {line.strip()}"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if CLOCK_READINGS.search(line)
    ]
    assert readings == []
