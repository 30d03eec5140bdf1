"""Django's reports of errors, with what must not be in them left out whatever DEBUG says.

Nobody is sent such a report; a developer meets one as the page of an error under DEBUG, where
Django by itself shows every variable, also those that the code marks as sensitive.
"""

import re
from typing import Any

from django.http import HttpRequest
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from sopregistry.log_lines import without_codes


class Filter(SafeExceptionReporterFilter):
    """Hides what ``sensitive_variables`` marks under DEBUG too."""

    def is_active(self, request: HttpRequest | None) -> bool:  # noqa: ARG002  Django's signature
        """Always."""
        return True


# Django's own frames hold the parts of the address one by one: tokens without the path around.
_TOKENS = re.compile(r"(?<![\w.-])[A-Za-z0-9_-]{40,}(?![\w.-])")


class Reporter(ExceptionReporter):
    """A report that opens nothing: without codes in addresses and tokens in variables."""

    def get_traceback_html(self) -> Any:
        return _TOKENS.sub("…", without_codes(str(super().get_traceback_html())))

    def get_traceback_text(self) -> Any:
        return _TOKENS.sub("…", without_codes(str(super().get_traceback_text())))
