"""What every page needs on its way to the gate: find the case, turn refusals into answers.

No rule lives here: the sentences are the gate's own.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.db import IntegrityError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts_requests import guard_rails
from accounts_requests.exceptions import InvalidInput, NotPermitted, WorkflowError
from accounts_requests.models import AccountRequest, User
from accounts_requests.uploads import Upload
from accounts_requests.views.errors import conflict
from accounts_requests.working_time import OutsideCalendar

P = ParamSpec("P")

KEPT = (
    "Tidak ada yang berubah, dan semua yang tersimpan tetap utuh. Laporkan kejadian ini kepada "
    "Pengelola Aplikasi."
)


def page(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page for people who are signed in; the gate's refusals become 403 and 409 answers.

    Others are asked to sign in and come back to the page, after a press to the one it was made on.
    InvalidInput is the view's own matter (the form is shown again); where a view lets it pass,
    it is answered like a refusal, with its sentences.
    """

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(_way_back(request, kwargs.get("number")))
        try:
            return view(request, *args, **kwargs)
        except NotPermitted as error:
            raise PermissionDenied(str(error)) from error
        except (WorkflowError, OutsideCalendar) as error:
            number = kwargs.get("number")
            url = reverse("request_detail", args=[number]) if number else reverse("home")
            label = "Lihat permohonan" if number else "Ke Beranda"
            sentence = str(error)
            if isinstance(error, OutsideCalendar):  # no time can be told: people must mend it
                sentence = f"{error} Minta Pengelola Aplikasi melengkapi kalender kerja."
            return conflict(request, sentence, next_url=url, next_label=label)
        except IntegrityError as error:
            sentence = guard_rails.refusal(error)
            if not sentence:
                raise
            return conflict(request, f"{sentence} {KEPT}")

    return answer


def _way_back(request: HttpRequest, number: object) -> str:
    """Where somebody whose session ended goes on: many addresses of presses cannot be opened."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    shown = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(
        shown, {request.get_host()}, require_https=request.is_secure()
    ):
        parts = urlsplit(shown)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return reverse("request_detail", args=[number]) if number else reverse("home")


def actor(request: HttpRequest) -> User:
    """The person who is signed in (``page`` has made sure that somebody is)."""
    return cast(User, request.user)


def find_request(number: str) -> AccountRequest:
    """The case with this number, or a 404 page."""
    return get_object_or_404(
        AccountRequest.objects.select_related("sop_revision", "reading", "assignee", "created_by"),
        number=number,
    )


def add_errors(form: BaseForm, error: InvalidInput, names: Mapping[str, str] | None = None) -> None:
    """Put the gate's sentences beside the fields they belong to, the rest above the form.

    ``names`` maps the gate's field names to the form's where they differ.
    """
    for name, sentences in error.errors.items():
        field = (names or {}).get(name, name)
        for sentence in sentences:
            target = field if field in form.fields else None
            if sentence in form.errors.get(target or NON_FIELD_ERRORS, ()):
                continue
            form.add_error(target, sentence)


def uploaded(request: HttpRequest, name: str) -> Upload | None:
    """The uploaded file of that field, read whole, or None."""
    file = request.FILES.get(name)
    if file is None:
        return None
    return Upload(file_name=file.name or "berkas", data=file.read())
