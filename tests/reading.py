"""What tests of pages share: the address of a case's page, and the text of a page or a paper."""

from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from accounts_requests.documents.paper import Draft
from accounts_requests.models import AccountRequest


def url(name: str, case: AccountRequest, *args: int) -> str:
    return reverse(name, args=[case.number, *args])


def html_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def html_of_paper(draft: Draft) -> str:
    """A paper as its template renders it, before it is set."""
    given = draft.context | {"title": draft.title, "created_iso": "2026-07-06T02:00:00Z"}
    return " ".join(render_to_string(draft.template, given).split())
