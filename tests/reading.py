"""What tests of pages share: the address of a page of a case, and its text on one line."""

from django.test import Client
from django.urls import reverse

from accounts_requests.models import AccountRequest


def url(name: str, case: AccountRequest, *args: int) -> str:
    return reverse(name, args=[case.number, *args])


def html_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())
