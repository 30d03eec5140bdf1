"""One of two people who press the same button at the same moment: a process of its own.

``python -m tests.presser`` reads lines from standard input and answers each with one line:

    {"user": key, "path": …, "fields": {…}, "file": [field, name, base64] or null}   → ready
    now                                                                              → the answer

The answer is JSON: the status, the Location and the page. Only the press itself is left for "now".
"""

import base64
import json
import sys
from typing import Any

import django

django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402  after the settings
from django.test import Client  # noqa: E402  after the settings
from django.test.utils import setup_test_environment  # noqa: E402  after the settings

from accounts_requests import documents, workflow  # noqa: E402, F401  loaded before any press
from accounts_requests.models import User  # noqa: E402  after the settings


def main() -> None:
    """Take orders until standard input ends."""
    setup_test_environment()
    browsers: dict[int, Client] = {}
    for line in sys.stdin:
        order: dict[str, Any] = json.loads(line)
        browser = browsers.get(order["user"])
        if browser is None:
            browser = browsers[order["user"]] = Client(raise_request_exception=False)
            browser.force_login(User.objects.get(pk=order["user"]))
        fields: dict[str, Any] = dict(order["fields"])
        if order["file"]:
            name, file_name, data = order["file"]
            fields[name] = SimpleUploadedFile(file_name, base64.b64decode(data))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        response = browser.post(order["path"], fields)
        answer = {
            "status": response.status_code,
            "location": response.headers.get("Location", ""),
            "page": response.content.decode(errors="replace"),
        }
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
