"""Sessions: how long one lasts, that nobody loses a press in silence, the list, and ending them."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts_requests import clock, user_sessions
from accounts_requests.middleware import BACKGROUND, NOT_SAVED
from accounts_requests.models import AccountRequest, AuditEntry, Office
from accounts_requests.states import Act

from .cases import MONDAY, OfficePeople
from .query_counts import queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]

IDLE = dt.timedelta(minutes=60)  # Office.idle_minutes by default
LONGEST = dt.timedelta(hours=10)  # Office.session_hours by default
MINUTE = dt.timedelta(minutes=1)
HERE = "10.0.0.7"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
TELEPHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"


@pytest.fixture(autouse=True)
def on_a_monday() -> Iterator[None]:
    with clock.moved_to(MONDAY):
        yield


def sign_in(
    username: str = "kepala", *, address: str = HERE, browser: str = WINDOWS, then: str = ""
) -> Client:
    """A browser in which that person has just signed in."""
    client = Client(REMOTE_ADDR=address, headers={"User-Agent": browser})
    given = {"username": username, "password": "rahasia-contoh", "next": then}
    assert client.post(reverse("account_login"), given).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get(reverse("sop")).status_code == 200


def said(client: Client) -> str:
    """What the sign-in page says."""
    return " ".join(client.get(reverse("account_login")).content.decode().split())


def last_entry() -> tuple[str, str, str]:
    entry = AuditEntry.objects.latest("sequence")
    return entry.act, entry.actor_name, entry.summary


# -- how long -------------------------------------------------------------------------------------


def test_who_does_nothing_for_the_idle_time_is_signed_out_and_told_why(
    office_people: OfficePeople,
) -> None:
    client = sign_in()
    clock.advance(IDLE)
    still = is_in(client)
    clock.advance(IDLE + MINUTE)

    wanted = client.get(reverse("sop"))

    assert still
    assert wanted.headers["Location"] == f"{reverse('account_login')}?next={reverse('sop')}"
    assert "Sesi Anda berakhir karena tidak ada kegiatan selama 1 jam." in said(client)
    reason = "Sesi berakhir karena tidak ada kegiatan selama 1 jam."
    assert last_entry() == (Act.END_SESSION, "Kepala Contoh", reason)
    assert not Session.objects.exclude(session_key=client.session.session_key).exists()


def test_after_signing_in_again_one_is_back_on_the_page(office_people: OfficePeople) -> None:
    client = sign_in()
    clock.advance(IDLE + MINUTE)
    led = client.get(reverse("sop")).headers["Location"]
    given = {
        "username": "kepala",
        "password": "rahasia-contoh",
        "next": client.get(led).context["redirect_field_value"],
    }

    back = client.post(reverse("account_login"), given)

    assert back.headers["Location"] == reverse("sop")


def test_who_works_on_stays_in_until_the_longest_session_is_over(
    office_people: OfficePeople,
) -> None:
    client = sign_in()
    seen = []
    for _ in range(11):
        clock.advance(dt.timedelta(minutes=55))
        seen.append(is_in(client))

    assert seen == [True] * 10 + [False]
    assert "Sesi Anda berakhir karena sudah berlangsung 10 jam." in said(client)
    assert last_entry()[2] == "Sesi berakhir karena sudah berlangsung 10 jam."


def test_the_office_chooses_both_limits_for_running_sessions_too(
    office_people: OfficePeople,
) -> None:
    idle, long = sign_in(), sign_in("biro")
    Office.objects.update(idle_minutes=30, session_hours=1)

    clock.advance(dt.timedelta(minutes=29))
    before = (is_in(idle), is_in(long))
    clock.advance(dt.timedelta(minutes=29))
    between = is_in(long)
    clock.advance(dt.timedelta(minutes=2))

    assert (before, between) == ((True, True), True)
    assert (is_in(idle), is_in(long)) == (False, False)
    assert "tidak ada kegiatan selama 30 menit" in said(idle)
    assert "sudah berlangsung 1 jam" in said(long)


def test_activity_is_written_once_a_minute_and_not_with_each_request(
    office_people: OfficePeople,
) -> None:
    client = sign_in()
    writes = []
    for step in (1, 58, 1, 30):
        clock.advance(dt.timedelta(seconds=step))
        with queries() as counted:
            client.get(reverse("sop"))
        writes.append([sql.split()[1] for sql in counted if not sql.startswith("SELECT")])

    row, session = '"usersessions_usersession"', '"django_session"'
    assert writes == [[], [], [row, session], []]


def test_a_page_that_asks_by_itself_keeps_nobody_in(office_people: OfficePeople) -> None:
    client = sign_in()
    answers = []
    for _ in range(62):
        clock.advance(MINUTE)
        polled = client.get(reverse("sop"), headers={BACKGROUND: "1", "HX-Request": "true"})
        answers.append(polled.status_code)

    assert answers == [200] * 60 + [302] * 2
    refreshed = client.get(polled.headers["Location"], headers={"HX-Request": "true"})
    assert refreshed.headers["HX-Refresh"] == "true"
    assert "tidak ada kegiatan selama 1 jam" in said(client)


def test_a_session_begun_by_other_means_has_its_limits_too(office_people: OfficePeople) -> None:
    client = sign_in()
    session = client.session
    del session[user_sessions.SEEN], session[user_sessions.BEGUN]
    session.save()

    first = is_in(client)
    clock.advance(IDLE + MINUTE)

    assert (first, is_in(client)) == (True, False)


# -- no press is lost in silence -----------------------------------------------------------------


def send_a_form(client: Client, **headers: str) -> HttpResponse:
    shown = f"http://testserver{reverse('request_new')}"
    response = client.post(
        reverse("request_new"), {"subject": "Akun"}, headers={"Referer": shown, **headers}
    )
    assert isinstance(response, HttpResponse)
    return response


def test_a_form_sent_after_the_session_ended_is_said_not_to_be_saved(
    office_people: OfficePeople,
) -> None:
    client = sign_in("penyusun")
    clock.advance(IDLE + MINUTE)

    sent = send_a_form(client)

    back = f"{reverse('account_login')}?next={reverse('request_new')}"
    assert sent.headers["Location"] == back
    page = said(client)
    assert NOT_SAVED in page
    assert "tidak ada kegiatan selama 1 jam" in page
    assert not AccountRequest.objects.exists()


def test_so_is_one_sent_from_a_session_that_was_ended_elsewhere(
    office_people: OfficePeople,
) -> None:
    client = sign_in("penyusun")
    other = sign_in("penyusun")
    other.post(reverse("session_end_others"))

    send_a_form(client)

    assert NOT_SAVED in said(client)


def test_so_is_one_sent_by_a_script_that_a_person_pressed(office_people: OfficePeople) -> None:
    client = sign_in("penyusun")
    clock.advance(IDLE + MINUTE)

    send_a_form(client, **{"HX-Request": "true"})

    assert NOT_SAVED in said(client)


def test_what_a_page_sent_by_itself_is_not_made_a_matter_of(office_people: OfficePeople) -> None:
    client = sign_in("penyusun")
    clock.advance(IDLE + MINUTE)

    send_a_form(client, **{BACKGROUND: "1"})

    assert NOT_SAVED not in said(client)


def test_signing_out_of_a_session_that_has_ended_is_no_loss(office_people: OfficePeople) -> None:
    client = sign_in()
    clock.advance(IDLE + MINUTE)

    client.post(reverse("account_logout"))

    assert NOT_SAVED not in said(client)


# -- the list ------------------------------------------------------------------------------------


def listed(client: Client) -> list[Any]:
    sessions: list[Any] = client.get(reverse("usersessions_list")).context["sessions"]
    return sessions


def test_one_sees_where_one_is_signed_in(office_people: OfficePeople) -> None:
    sign_in(address="10.0.0.9", browser=TELEPHONE)
    clock.advance(dt.timedelta(minutes=20))
    client = sign_in()
    sign_in("biro")
    clock.advance(dt.timedelta(minutes=5))

    page = " ".join(client.get(reverse("usersessions_list")).content.decode().split())

    assert [(one.device, one.address, one.is_this_one) for one in listed(client)] == [
        ("Chrome pada Windows", HERE, True),
        ("Chrome pada Android", "10.0.0.9", False),
    ]
    assert "Terakhir dipakai Senin, 6 Juli 2026, 10.25 WITA" in page
    assert "Terakhir dipakai Senin, 6 Juli 2026, 10.00 WITA" in page
    assert "Sesi berakhir sendiri setelah 60 menit tanpa kegiatan" in page


def test_sessions_that_are_over_are_not_listed(office_people: OfficePeople) -> None:
    sign_in()
    gone = sign_in()
    gone.post(reverse("account_logout"))
    clock.advance(IDLE + MINUTE)
    client = sign_in()

    assert [one.is_this_one for one in listed(client)] == [True]


def test_one_session_is_ended_and_the_others_go_on(office_people: OfficePeople) -> None:
    telephone = sign_in(address="10.0.0.9", browser=TELEPHONE)
    third = sign_in()
    client = sign_in()
    row = UserSession.objects.get(user_agent=TELEPHONE)

    answer = client.post(reverse("session_end", args=[row.pk]), follow=True)
    again = client.post(reverse("session_end", args=[row.pk]), follow=True)

    assert "Sesi di Chrome pada Android sudah diakhiri." in answer.content.decode()
    assert "Sesi itu sudah tidak ada." in again.content.decode()
    assert [is_in(one) for one in (telephone, third, client)] == [False, True, True]
    ended = "Mengakhiri sesi sendiri: Chrome pada Android, 10.0.0.9."
    assert last_entry() == (Act.END_SESSION, "Kepala Contoh", ended)


def test_all_others_are_ended_at_once(office_people: OfficePeople) -> None:
    others = [sign_in(), sign_in()]
    client = sign_in()
    somebody = sign_in("biro")

    client.post(reverse("session_end_others"))

    assert [is_in(one) for one in (*others, client, somebody)] == [False, False, True, True]
    assert last_entry()[2] == "Mengakhiri 2 sesi sendiri yang lain."
    nothing = client.post(reverse("session_end_others"), follow=True).content.decode()
    assert "Tidak ada sesi lain yang terbuka." in nothing


def test_nobody_ends_the_session_of_somebody_else_or_this_one_by_its_number(
    office_people: OfficePeople,
) -> None:
    somebody = sign_in("biro")
    client = sign_in()

    for row in UserSession.objects.all():
        client.post(reverse("session_end", args=[row.pk]))

    assert (is_in(somebody), is_in(client)) == (True, True)
    assert Act.END_SESSION not in AuditEntry.objects.values_list("act", flat=True)


def test_sessions_of_somebody_who_must_go_end_everywhere(office_people: OfficePeople) -> None:
    browsers = [sign_in(), sign_in()]

    assert user_sessions.end_all(office_people.kepala) == 2
    assert [is_in(one) for one in browsers] == [False, False]


def test_a_session_keeps_its_age_and_its_place_when_the_password_changes(
    office_people: OfficePeople,
) -> None:
    client = sign_in()
    clock.advance(dt.timedelta(minutes=20))
    new = "jembatan-mahakam-lama"

    client.post(
        reverse("account_change_password"),
        {"oldpassword": "rahasia-contoh", "password1": new, "password2": new},
    )

    assert [(one.begun_at, one.is_this_one) for one in listed(client)] == [(MONDAY, True)]
    clock.advance(dt.timedelta(minutes=50))
    assert is_in(client)


def test_what_is_over_is_swept(office_people: OfficePeople) -> None:
    for client in (sign_in(), sign_in()):
        client.get(reverse("sop"))
    Session.objects.filter(session_key=client.session.session_key).update(
        expire_date=dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    )

    user_sessions.sweep()

    assert (Session.objects.count(), UserSession.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("browser", "words"),
    [
        (WINDOWS, "Chrome pada Windows"),
        (WINDOWS + " Edg/140.0", "Microsoft Edge pada Windows"),
        (TELEPHONE, "Chrome pada Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1",
            "Safari pada iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0", "Firefox pada Linux"),
        ("curl/8.0", "Peramban lain"),
        ("", "Peramban lain"),
    ],
)
def test_a_device_is_told_in_plain_words(browser: str, words: str) -> None:
    assert user_sessions.device_words(browser) == words
