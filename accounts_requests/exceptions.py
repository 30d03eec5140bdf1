"""What the gate raises when an act cannot be done: sentences for people. Imports nothing of ours.

Every message is a complete sentence in Bahasa Indonesia: what happened, what was kept, what to do.
Views show it as it stands and never add a rule of their own.
"""

from collections.abc import Mapping


class WorkflowError(Exception):
    """An act was refused. ``str(error)`` is the sentence to show."""


class NotPermitted(WorkflowError):
    """The actor's roles do not include this act (HTTP 403)."""


class NotAllowedNow(WorkflowError):
    """The record does not allow the act at this moment (HTTP 409)."""


class AlreadyDone(NotAllowedNow):
    """Somebody else (or the same person's second press) has done it already (HTTP 409).

    The sentence says who did it, when, and what came of it.
    """


class InvalidInput(WorkflowError):
    """What was typed breaks a rule (HTTP 200 with the form shown again, HTTP 400 elsewhere).

    ``errors`` maps a field name ("" for the whole form) to its sentences.
    """

    def __init__(self, errors: Mapping[str, list[str]] | str) -> None:
        if isinstance(errors, str):
            errors = {"": [errors]}
        self.errors: dict[str, list[str]] = {name: list(texts) for name, texts in errors.items()}
        super().__init__(" ".join(text for texts in self.errors.values() for text in texts))


class RenderingFailed(WorkflowError):
    """A document could not be rendered; nothing was changed."""


class SecretUnavailable(WorkflowError):
    """A password no longer exists, or its key cannot be read."""


class BackupError(Exception):
    """A backup could not be made, read or restored. ``str(error)`` is the sentence to show."""
