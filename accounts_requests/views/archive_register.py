"""The register of archived files, on screen and on paper."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts_requests import archive_register, permissions
from accounts_requests.models import Office

from .lists import key, neighbours
from .support import actor, page


@page
def archive(request: HttpRequest) -> HttpResponse:
    """The files in the official columns, by year."""
    held = permissions.require_reader(actor(request))
    years = archive_register.years()
    asked = key(request, "tahun")
    year = asked if asked in years else None
    found = archive_register.page(
        Office.current(),
        year=year,
        before=key(request, "sebelum"),
        after=key(request, "sesudah"),
    )
    context = {
        "years": years,
        "year": year,
        "lines": found.lines,
        "reads_people": permissions.reads_people(held),
        **neighbours(request, older=found.older, newer=found.newer),
    }
    return render(request, "archive/register.html", context)
