"""The picture of the state machines is the code's own."""

from pathlib import Path

from accounts_requests import state_diagram
from accounts_requests.management.commands.state_diagram import page

ROOT = Path(__file__).resolve().parent.parent


def test_docs_hold_the_diagrams_that_the_code_draws() -> None:
    assert (ROOT / "docs" / "states.md").read_text(encoding="utf-8") == page()


def test_the_readme_shows_the_diagram_of_the_case() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme.count(state_diagram.case_diagram()) == 1
