"""The office's readings for tests: choices made in the sheet in force, before a case begins."""

from typing import Any

from accounts_requests import reading_content, reading_notes
from accounts_requests.models import Reading


def with_choices(content: dict[str, Any], **choices: Any) -> dict[str, Any]:
    """``content`` with other choices (``step_3_unit``, ``step1_end`` …), its notes following."""
    norms = reading_content.norms_of(Reading.objects.earliest("number").revision.steps.all())
    return reading_notes.following(reading_content.chosen(content, choices, norms), norms)


def read_otherwise(**choices: Any) -> Reading:
    """The seeded sheet with other choices, as if the office had always read the SOP so."""
    reading = Reading.objects.earliest("number")
    reading.content = with_choices(reading.content, **choices)
    reading.save()
    return reading
