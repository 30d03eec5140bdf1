"""Step 3 as Admin PPE meets it: the list, one person, the password, the kelengkapan."""

import re

import pytest
from django.test import Client

from accounts_requests import clock, credentials, workflow
from accounts_requests.models import AccountRequest, AuditEntry, Office
from accounts_requests.states import AccountState

from . import cases
from .cases import MONDAY, OfficePeople
from .query_counts import queries
from .reading import html_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

LIST_QUERIES = 17
ENTRY_QUERIES = 20
BY_SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def admin(client: Client, office_people: OfficePeople) -> Client:
    """The browser of the Admin PPE who holds the cases of ``cases.claimed``."""
    client.force_login(office_people.admin1)
    return client


def created(position: int, **changes: str) -> dict[str, str]:
    """What the form sends when the account was created as the Formulir says."""
    return {
        "outcome": "created",
        "user_id": f"personel.{position:03d}",
        "registered_email": f"personel{position:03d}@contoh.example",
        "matches_form": "on",
        "difference": "",
    } | changes


def states(case: AccountRequest) -> list[str]:
    return [account.state for account in cases.accounts(case)]


# -- the list -----------------------------------------------------------------------------------


def test_the_list_says_how_far_it_is_and_leads_to_the_next_person(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people, people=3)
    cases.record_created(cases.accounts(case)[0], office_people.admin1)

    html = html_of(admin, url("accounts", case))

    assert "1 dari 3 personel selesai" in html
    main = re.search(r'<a class="btn btn-primary btn-main" href="([^"]+)">(\w+)', html)
    assert main is not None
    assert main.groups() == (url("account_entry", case, 2), "Lanjutkan")


def test_the_kelengkapan_open_only_when_everybody_has_an_outcome(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people, people=2)
    first, second = cases.accounts(case)
    cases.record_created(first, office_people.admin1)
    before = html_of(admin, url("accounts", case))
    workflow.record_postponed(second, actor=office_people.admin1, reason="Menunggu mutasi NIP")
    after = html_of(admin, url("accounts", case))

    assert "Dijawab setelah semua personel mempunyai hasil; 1 personel lagi." in before
    assert "Selesaikan langkah 3" not in before
    assert "Selesaikan langkah 3" in after
    assert "Menunggu mutasi NIP" in after


def test_the_target_system_and_its_guide_open_apart(
    admin: Client, office_people: OfficePeople
) -> None:
    Office.objects.update(target_url="https://spse.contoh/", target_guide_url="https://p.contoh/")
    case = cases.claimed(office_people)

    for address in (url("accounts", case), url("account_entry", case, 1)):
        html = html_of(admin, address)
        for target in ("https://spse.contoh/", "https://p.contoh/"):
            assert f'<a href="{target}" target="_blank" rel="noopener noreferrer">' in html


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_asks_as_often_for_one_person_as_for_three(
    admin: Client, office_people: OfficePeople, people: int
) -> None:
    case = cases.claimed(office_people, people=people)

    with queries() as asked:
        admin.get(url("accounts", case))

    assert len(asked) == LIST_QUERIES


@pytest.mark.parametrize("people", [1, 3])
def test_a_persons_page_asks_as_often_among_one_as_among_three(
    admin: Client, office_people: OfficePeople, people: int
) -> None:
    case = cases.claimed(office_people, people=people)

    with queries() as asked:
        admin.get(url("account_entry", case, 1))

    assert len(asked) == ENTRY_QUERIES


def test_looking_writes_nothing_but_tells_the_script_where_to_report(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people)
    seen = f'data-seen-url="{url("request_seen", case)}"'

    with queries() as asked:
        html = html_of(admin, url("accounts", case))

    assert [sql for sql in asked if not sql.startswith("SELECT")] == []
    assert seen in html
    workflow.mark_opened(case, actor=office_people.admin1)
    assert seen not in html_of(admin, url("accounts", case))


def test_step_3_closes_with_the_kelengkapan_and_leads_to_the_messages(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people, people=1)
    cases.record_created(cases.accounts(case)[0], office_people.admin1)
    first, second = cases.all_met(case)

    missing = admin.post(url("accounts", case), {f"requirement_{first}": "ya"})
    unexplained = admin.post(
        url("accounts", case), {f"requirement_{first}": "ya", f"requirement_{second}": "tidak"}
    )
    done = admin.post(
        url("accounts", case),
        {
            f"requirement_{first}": "ya",
            f"requirement_{second}": "tidak",
            f"explanation_{second}": "Panduan versi lama yang diikuti",
        },
    )

    assert "Jawab kelengkapan ini: terpenuhi atau tidak terpenuhi." in missing.content.decode()
    assert "Jelaskan mengapa kelengkapan ini tidak terpenuhi." in unexplained.content.decode()
    assert done["Location"] == url("send", case)
    assert cases.fresh(case).state == "accounts_created"


def test_kelengkapan_sent_too_early_come_back_with_the_gates_sentence(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people, people=2)
    answers = {f"requirement_{key}": "ya" for key in cases.all_met(case)}

    response = admin.post(url("accounts", case), answers)

    assert response.status_code == 200
    assert cases.fresh(case).state == "ordered"


def test_a_second_press_meets_who_closed_step_3(admin: Client, office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        case = cases.recorded(office_people)
        response = admin.post(url("accounts", case))

    assert response.status_code == 409
    assert "telah diselesaikan oleh Anda sendiri pukul 10.00" in response.content.decode()


# -- one person ---------------------------------------------------------------------------------


def test_the_formulirs_values_stand_ready_to_be_copied(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people)

    html = html_of(admin, url("account_entry", case, 1))

    assert 'data-copy-name="NIP" data-copy-text="198501012010011001"' in html
    assert "19850101 201001 1 001" in html
    assert 'data-copy-name="E-mail" data-copy-text="personel001@contoh.example"' in html
    assert 'name="user_id" value="personel.001"' in html
    assert 'name="registered_email" value="personel001@contoh.example"' in html


def test_everything_is_copied_as_lines_of_text(admin: Client, office_people: OfficePeople) -> None:
    case = cases.claimed(office_people)

    response = admin.get(url("account_entry", case, 1))

    assert response.context["all_values"].splitlines() == [
        "Jenis akun: Verifikator",
        "Nama lengkap: Contoh Personel 001",
        "Nama dengan gelar: Contoh Personel 001, S.Kom.",
        "NIP: 198501012010011001",
        "E-mail: personel001@contoh.example",
        "Nomor ponsel: +628123456789",
        "Pangkat/golongan: Penata (III/c)",
        "Jabatan: Pengelola Pengadaan",
        "Unit kerja: Biro Pengadaan Barang dan Jasa",
        "K/L/PD: Pemerintah Provinsi Kalimantan Timur",
        "Alamat kantor: Jalan Contoh Nomor 1, Samarinda",
        "Berlaku s.d.: 30 Juni 2027",
    ]


def test_saving_goes_on_to_the_next_person_without_an_outcome(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people, people=3)
    cases.record_created(cases.accounts(case)[1], office_people.admin1)

    onward = admin.post(url("account_entry", case, 1), created(1))
    back = admin.post(url("account_entry", case, 3), created(3), follow=True)

    assert onward["Location"] == url("account_entry", case, 3)
    assert back.redirect_chain == [(url("accounts", case), 302)]
    assert "Semua personel sudah mempunyai hasil" in back.content.decode()
    assert states(case) == [AccountState.CREATED] * 3


def test_after_the_last_person_the_ones_left_out_come_first(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people, people=3)

    response = admin.post(url("account_entry", case, 3), created(3))

    assert response["Location"] == url("account_entry", case, 1)


def test_data_that_differ_must_be_explained_and_nothing_typed_is_lost(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people)
    typed = created(1, registered_email="lain@contoh.example", user_id="lain.001")

    refused = admin.post(url("account_entry", case, 1), typed)
    html = " ".join(refused.content.decode().split())
    saved = admin.post(
        url("account_entry", case, 1), typed | {"difference": "Alamat pada Formulir salah tulis"}
    )

    assert "Jelaskan apa yang berbeda dan mengapa." in html
    assert 'name="registered_email" value="lain@contoh.example"' in html
    assert '<details class="differs" open>' in html
    assert saved.status_code == 302
    account = cases.accounts(case)[0]
    assert account.registered_email == "lain@contoh.example"
    assert account.difference == "Alamat pada Formulir salah tulis"


def test_a_user_id_against_the_rule_comes_back_with_the_rule(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people)

    response = admin.post(url("account_entry", case, 1), created(1, user_id="Budi Santoso"))

    assert response.status_code == 200
    assert "tidak sesuai aturan" in response.content.decode()
    assert states(case) == [AccountState.PENDING] * 2


@pytest.mark.parametrize(
    ("outcome", "state"),
    [("refused", AccountState.REFUSED), ("postponed", AccountState.POSTPONED)],
)
def test_an_account_that_is_not_created_needs_a_reason(
    admin: Client, office_people: OfficePeople, outcome: str, state: AccountState
) -> None:
    case = cases.claimed(office_people)

    short = admin.post(url("account_entry", case, 1), {"outcome": outcome, "reason": "x"})
    saved = admin.post(
        url("account_entry", case, 1), {"outcome": outcome, "reason": "NIP belum aktif di SPSE"}
    )

    assert "Alasan terlalu singkat." in short.content.decode()
    assert f'id="{outcome}_reason"' in short.content.decode()
    assert saved["Location"] == url("account_entry", case, 2)
    assert states(case)[0] == state


def test_an_account_without_a_password_is_refused_on_the_form(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people)
    credentials.destroy(cases.accounts(case)[0], at=clock.now())

    page = html_of(admin, url("account_entry", case, 1))
    response = admin.post(url("account_entry", case, 1), created(1, user_id="lain.001"))
    html = response.content.decode()

    assert "Password yang lama dimusnahkan pada" in page
    assert response.status_code == 200
    assert "Belum ada password untuk akun ini." in html
    assert 'value="lain.001"' in html


def test_a_person_outside_of_the_list_is_not_found(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people)

    assert admin.get(url("account_entry", case, 9)).status_code == 404


def test_the_pages_belong_to_who_holds_the_task(
    client: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people)

    client.force_login(office_people.admin2)
    other = client.get(url("account_entry", case, 1))
    client.force_login(office_people.inspector)
    reader = client.get(url("account_entry", case, 1))

    assert other.status_code == 409
    assert "sedang dipegang oleh Admin Contoh Satu" in other.content.decode()
    assert reader.status_code == 403


# -- the password -------------------------------------------------------------------------------


def test_the_password_is_in_no_page_that_is_only_looked_at(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people)
    password = credentials.reveal(cases.accounts(case)[0])

    for name, args in (("accounts", ()), ("account_entry", (1,)), ("request_detail", ())):
        assert password not in html_of(admin, url(name, case, *args))


def test_the_script_is_given_the_password_once_it_asks_by_post(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people)
    account = cases.accounts(case)[0]
    password = credentials.reveal(account)
    address = url("password_reveal", case, 1)

    looked = admin.get(address)
    asked = admin.post(address, headers=BY_SCRIPT)

    assert looked.status_code == 405
    assert asked.json() == {"password": password, "mark": workflow.password_mark(account)}
    assert "no-store" in asked["Cache-Control"]
    entry = AuditEntry.objects.latest("pk")
    assert (entry.act, entry.actor) == ("reveal", office_people.admin1)
    assert password not in f"{entry.summary} {entry.changes}"


def test_without_scripts_the_password_has_a_page_of_its_own(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people)
    password = credentials.reveal(cases.accounts(case)[0])

    response = admin.post(url("password_reveal", case, 1))

    assert password in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert response.context["back_url"] == url("account_entry", case, 1)


@pytest.mark.parametrize("headers", [{}, BY_SCRIPT])
def test_a_new_password_ends_the_old_one(
    admin: Client, office_people: OfficePeople, headers: dict[str, str]
) -> None:
    case = cases.claimed(office_people)
    account = cases.accounts(case)[0]
    old = credentials.reveal(account)

    response = admin.post(url("password_new", case, 1), headers=headers)

    new = credentials.reveal(account)
    assert new != old
    assert new in response.content.decode()
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("name", ["password_reveal", "password_new"])
def test_a_password_is_not_given_to_who_does_not_hold_the_task(
    client: Client, office_people: OfficePeople, name: str
) -> None:
    case = cases.claimed(office_people)
    address = url(name, case, 1)

    client.force_login(office_people.admin2)
    by_script = client.post(address, headers=BY_SCRIPT)
    by_page = client.post(address)
    client.force_login(office_people.kepala)
    by_head = client.post(address, headers=BY_SCRIPT)

    assert by_script.status_code == by_page.status_code == 409
    assert "sedang dipegang oleh Admin Contoh Satu" in by_script.json()["message"]
    assert by_head.status_code == 403
    assert list(by_head.json()) == ["message"]


def test_neither_session_nor_messages_keep_a_password(
    admin: Client, office_people: OfficePeople
) -> None:
    case = cases.claimed(office_people)

    admin.post(url("password_new", case, 1))
    password = credentials.reveal(cases.accounts(case)[0])

    assert password not in str(dict(admin.session.items()))
    assert password not in html_of(admin, url("account_entry", case, 1))
