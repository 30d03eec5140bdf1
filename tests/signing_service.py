"""The e-sign service of the tests: the example's folder, in which the tests play the official."""

import datetime as dt
import shutil
import time
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings
from pytest_django import Settings

from accounts_requests.models import AccountRequest, SigningRequest
from accounts_requests.signatures.example_service import FOLDER, ExampleService
from accounts_requests.signatures.service import Submission
from accounts_requests.worker import Worker

from . import signing

PATH: Final = "tests.signing_service.Service"
NAME: Final = "Layanan Uji"
SIGNED_AT: Final = dt.datetime(2026, 7, 6, 1, 30, tzinfo=dt.UTC)
SLOW: Final = "lambat"
"""While a file of this name lies in the folder, a submission is taken in and not answered."""


class Service(ExampleService):
    """Signs when a test says so. What a test puts into ``breaks`` is raised by the next call."""

    name = NAME
    signs_after = None
    breaks: Exception | None = None

    def submit(self, submission: Submission) -> str:
        if (error := type(self).breaks) is not None:
            raise error
        reference = super().submit(submission)
        while (self.folder / SLOW).exists():
            time.sleep(0.02)
        return reference

    def signs(self, reference: str) -> bytes:
        """The official signs what was handed in; returns what comes back."""
        data = signing.sign((self.folder / f"{reference}.pdf").read_bytes(), at=SIGNED_AT)
        self.sign(reference, data)
        return data


class Unnamed:
    """No service: it has no name."""

    def submit(self, submission: Submission) -> str:
        raise NotImplementedError

    def ask(self, reference: str) -> object:
        raise NotImplementedError


class Unasking:
    """No service: its ``ask`` takes nothing."""

    name = "Layanan"

    def submit(self, submission: Submission) -> str:
        raise NotImplementedError

    def ask(self) -> object:
        raise NotImplementedError


def switched_on(settings: Settings, patch: pytest.MonkeyPatch) -> Service:
    """The office signs through this service from here on; it holds nothing yet."""
    shutil.rmtree(folder(), ignore_errors=True)
    patch.setattr(Service, "breaks", None)
    settings.SIGNING_SERVICE = PATH
    return Service()


def folder() -> Path:
    return Path(settings.DATA_DIR) / FOLDER


def row(case: AccountRequest) -> SigningRequest:
    """The newest sending of the case, as it is now."""
    return SigningRequest.objects.filter(request=case).latest("pk")


def work() -> int:
    """Let a worker do everything that is due; returns how many items failed."""
    worker = Worker(name="uji")
    worker.drain()
    return worker.failures
