"""The executor's answer to one kelengkapan of a step (SOP, Peringatan 1 and 2)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether a kelengkapan was met, and what happened where it was not."""

    met: bool
    explanation: str = ""


def answer_field(requirement: int) -> str:
    """The name under which forms and errors know the answer to a requirement (its key)."""
    return f"requirement_{requirement}"


def explanation_field(requirement: int) -> str:
    """The name under which forms and errors know the explanation to a requirement (its key)."""
    return f"explanation_{requirement}"


def check(answers: Mapping[int, Answer], required: Collection[int]) -> dict[str, list[str]]:
    """Sentences by field name about answers that are missing or unexplained; {} when none is.

    Each of `required` (primary keys of requirements) needs an answer, each "no" an explanation.
    """
    errors: dict[str, list[str]] = {}
    for requirement in required:
        answer = answers.get(requirement)
        if answer is None:
            errors[answer_field(requirement)] = [
                "Jawab kelengkapan ini: terpenuhi atau tidak terpenuhi."
            ]
        elif not answer.met and not answer.explanation.strip():
            errors[explanation_field(requirement)] = [
                "Jelaskan mengapa kelengkapan ini tidak terpenuhi."
            ]
    return errors
