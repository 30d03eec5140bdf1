"""What the lists share: pages by key in the address, and spreadsheets as downloads."""

from django.http import HttpRequest, HttpResponse

from accounts_requests.uploads import XLSX

from .downloads import file_answer

# The names under which an address asks for the page before or after a key.
KEYS = ("sebelum", "sesudah")


def key(request: HttpRequest, name: str) -> int | None:
    """The key under ``name`` in the address, None when there is none that is a number."""
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


def neighbours(request: HttpRequest, *, older: int | None, newer: int | None) -> dict[str, str]:
    """``older_url`` and ``newer_url`` with the other parts of the address kept; "" at the ends."""
    return {
        "older_url": _with(request, "sebelum", older),
        "newer_url": _with(request, "sesudah", newer),
    }


def workbook(data: bytes, file_name: str) -> HttpResponse:
    """An XLSX as a download."""
    return file_answer(data, name=file_name, media_type=XLSX)


def _with(request: HttpRequest, name: str, value: int | None) -> str:
    if value is None:
        return ""
    query = request.GET.copy()
    for former in KEYS:
        query.pop(former, None)
    query[name] = str(value)
    return f"?{query.urlencode()}"
