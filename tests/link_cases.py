"""Cases whose passwords go out behind one-time links, and the links as their people get them."""

import datetime as dt
import re

from django.test import Client

from accounts_requests import clock, workflow
from accounts_requests.models import Account, AccountRequest, Office, PasswordDelivery, PasswordLink
from accounts_requests.worker import Worker

from . import cases
from .cases import OfficePeople
from .smtp_fixtures import MailServer, Received

TOKEN = re.compile(r"/password/([A-Za-z0-9_-]{43})/")


def choose_links() -> None:
    """The office hands passwords over through one-time links from now on."""
    Office.objects.update(password_delivery=PasswordDelivery.LINK)


def mailed(
    staff: OfficePeople, server: MailServer, *, people: int = 1, number: str = "1/2026"
) -> AccountRequest:
    """A case whose links are with their people; the mail server took every message."""
    case = cases.sent(staff, people=people, number=number)
    Worker().drain()
    assert len(server.received_by(address(1))) == 1
    return cases.fresh(case)


def address(position: int) -> str:
    """The mail address of example person ``position``."""
    return f"personel{position:03d}@contoh.example"


def tokens_of(received: Received) -> set[str]:
    """The tokens in both parts of a mail."""
    return set(TOKEN.findall(received.body("plain"))) | set(TOKEN.findall(received.body("html")))


def token_for(server: MailServer, position: int = 1) -> str:
    """The token in the last mail to that person."""
    (token,) = tokens_of(server.received_by(address(position))[-1])
    return token


def page_of(token: str) -> str:
    return f"/password/{token}/"


def press(token: str, client: Client | None = None) -> str:
    """The page that answers the press, on one line; the press must have been answered."""
    response = (client or Client()).post(page_of(token))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def link_of(account: Account) -> PasswordLink:
    """The newest link of the account."""
    return PasswordLink.objects.filter(account=account).latest("pk")


def send_again(account: Account, staff: OfficePeople, *, to: str = "") -> str:
    """Make a new password and send again; returns the password."""
    password = workflow.new_password(account, actor=staff.admin1)
    clock.advance(dt.timedelta(seconds=1))
    workflow.resend(
        account,
        actor=staff.admin1,
        address=to or account.registered_email,
        reason="Password tidak sempat terbaca",
        had_signed_in=False,
        changed_in_spse=True,
    )
    return password
