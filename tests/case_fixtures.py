"""Fixtures for tests of cases: the seeded office, its people, and papers in no time."""

import io

import pikepdf
import pytest
from pytest_django import Settings

from accounts_requests import documents, seeding
from accounts_requests.documents import Rendered

from . import cases


def one_empty_page() -> bytes:
    """A PDF of one empty page."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        target = io.BytesIO()
        pdf.save(target)
    return target.getvalue()


EMPTY_PDF = one_empty_page()


@pytest.fixture
def seeded(db: None) -> None:
    """The SOP's revision 1, the office and its calendar, as a new installation has them."""
    seeding.seed()


@pytest.fixture
def office_people(seeded: None, settings: Settings) -> cases.OfficePeople:
    """One person for each role. Argon2 is made to be slow: eight sign-ins a test need not be."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return cases.make_office_people()


@pytest.fixture
def quick_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers are empty pages: for tests that are about the rules, not the papers."""

    def render(kind: str, *_args: object, **_kwargs: object) -> Rendered:
        return Rendered(
            data=EMPTY_PDF,
            pages=1,
            title=f"Dokumen {kind}",
            file_name=f"{kind}.pdf",
            template_version="test",
        )

    monkeypatch.setattr(documents, "render", render)
