"""The calendar's pages: what they show to whom, and the way from a form to a calendar in use."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts_requests import (
    calendar_changes,
    calendar_content,
    calendar_pages,
    calendar_proposals,
    clock,
    timers,
)
from accounts_requests.calendar_proposals import Proposal
from accounts_requests.models import (
    AuditEntry,
    CalendarDraft,
    CalendarVersion,
    DeadlineVersion,
    Holiday,
    HoursTable,
    User,
)
from accounts_requests.office_days import HoursKind, OfficeCalendar, read_calendar
from accounts_requests.roles import Role
from accounts_requests.states import Act

from . import calendars, cases
from .calendars import adopted, day_off, days_off
from .cases import MONDAY, OfficePeople
from .page_forms import form_on
from .query_counts import queries
from .reading import html_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

TUESDAY = dt.date(2026, 7, 7)
SEED = read_calendar()
REASON = "Keputusan bersama tambahan"


@pytest.fixture(autouse=True)
def on_a_monday() -> Iterator[None]:
    with clock.moved_to(MONDAY):
        yield


@pytest.fixture
def keeper(client: Client, office_people: OfficePeople) -> Client:
    """A browser in which Pengelola Aplikasi is signed in."""
    client.force_login(office_people.keeper)
    return client


def text_of(client: Client, address: str) -> str:
    """The words of a page's main part, without its marks of HTML."""
    main = html_of(client, address).partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def send(client: Client, address: str, **typed: str) -> Any:
    """Fill in the form of the page with the fields ``typed``, and send it."""
    form = form_on(client.get(address).content.decode(), having=next(iter(typed), ""))
    return client.post(form.action or address, form.fields | typed)


def holiday_fields(**changes: str) -> dict[str, str]:
    return {
        "date": "2026-07-07",
        "name": "Cuti bersama contoh",
        "kind": "cuti bersama",
        "legal_basis": "SKB contoh",
        "confirmed": "on",
        **changes,
    }


def proposed(user: User) -> list[str]:
    """The sentences of the user's draft over the calendar in use."""
    calendar = calendar_content.in_use()
    draft = calendar_proposals.draft_of(user)
    return [change.sentence for change in calendar_changes.changes_of(draft, calendar)]


def errors(response: Any) -> dict[str, list[str]]:
    return {name: list(texts) for name, texts in response.context["form"].errors.items()}


# -- a year -------------------------------------------------------------------------------------


def day(year: int, month: int, number: int, calendar: OfficeCalendar = SEED) -> Any:
    """The cell of that day."""
    shown = calendar_pages.month_of(calendar, year, month, MONDAY.date())
    return shown.days[number - 1]


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (
            (2026, 8, 17),
            "Senin, 17 Agustus 2026: Hari Kemerdekaan Republik Indonesia, libur nasional",
        ),
        (
            (2027, 3, 9),
            "Selasa, 9 Maret 2027: Cuti Bersama Hari Raya Idul Fitri, cuti bersama, perkiraan",
        ),
        (
            (2027, 2, 8),
            "Senin, 8 Februari 2027: Jam kerja Ramadan 1448 H, jam ramadan, 08.00–15.30, perkiraan",
        ),
        ((2026, 7, 7), "Selasa, 7 Juli 2026: Jam kerja normal, 07.30–16.00"),
        ((2026, 7, 11), "Sabtu, 11 Juli 2026: Sabtu"),
        ((2027, 2, 13), "Sabtu, 13 Februari 2027: Sabtu"),
        ((2028, 1, 3), "Senin, 3 Januari 2028: Senin, belum ada jam kerja"),
    ],
)
def test_a_day_says_in_words_what_it_is(on: tuple[int, int, int], words: str) -> None:
    assert day(*on).in_words == words


def test_only_what_is_out_of_the_ordinary_bears_a_mark() -> None:
    months = calendar_pages.year_of(SEED, 2027, MONDAY.date())
    kinds = [cell.kind for month in months for cell in month.days]

    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "national": 18,
        "joint": 8,
        "ramadan": 20,
        "plain": 319,
    }
    assert sum(month.working_days for month in months) == 242


def test_the_coming_ramadan_is_an_estimate_and_the_year_says_so(keeper: Client) -> None:
    text = text_of(keeper, "/kalender/2027/")

    assert "242 hari kerja · sebagian masih perkiraan" in text
    assert "8–28 Jam kerja Ramadan 1448 H perkiraan" in text
    assert (
        "Jam kerja Ramadan 1448 H , 8 Februari 2027 sampai 9 Maret 2027 perkiraan : Senin–Kamis "
        "08.00–15.30; Jumat 08.00–11.00; Sabtu, Minggu tutup"
    ) in text


def test_days_in_a_row_with_one_name_stand_on_one_line_below_the_month() -> None:
    calendar = OfficeCalendar(
        tables=(calendars.table(dt.date(2026, 1, 1), dt.date(2026, 12, 31)),),
        holidays=(
            day_off(TUESDAY),
            day_off(dt.date(2026, 7, 8)),
            day_off(dt.date(2026, 7, 9), confirmed=False),
            day_off(dt.date(2026, 7, 31)),
        ),
    )

    notes = calendar_pages.month_of(calendar, 2026, 7, MONDAY.date()).notes

    assert [(note.days, note.is_estimate) for note in notes] == [
        ("7–8", False),
        ("9", True),
        ("31", False),
    ]


def test_special_hours_go_before_ramadan_and_are_marked() -> None:
    special = calendars.table(
        dt.date(2027, 2, 10), dt.date(2027, 2, 10), name="Banjir", kind=HoursKind.SPECIAL
    )
    calendar = calendar_content.canonical((*SEED.tables, special), SEED.holidays)

    assert [day(2027, 2, number, calendar).kind for number in (9, 10, 11)] == [
        "ramadan",
        "special",
        "ramadan",
    ]


def test_this_year_is_shown_first_with_today(keeper: Client) -> None:
    html = html_of(keeper, "/kalender/")

    assert "<h1>Kalender kerja 2026</h1>" in html
    assert html.count("day-today") == 1
    assert '<td class="day day-plain day-today"><span>6</span>' in html


def test_weekdays_with_the_same_hours_are_said_together() -> None:
    table = calendars.table(dt.date(2026, 1, 1), dt.date(2026, 12, 31))

    assert calendar_pages.week_in_words(table) == [
        ("Senin–Kamis", "07.30–16.00"),
        ("Jumat", "07.30–11.00"),
        ("Sabtu, Minggu", "tutup"),
    ]


@pytest.mark.parametrize(
    "address",
    [
        "/kalender/2022/",
        "/kalender/2028/",
        "/kalender/99999999999/",
        "/kalender/0/",
        "/kalender/2026/0/",
        "/kalender/2026/13/",
        "/kalender/2028/hari-libur/",
        "/kalender/versi/99/",
        "/kalender/hari-libur/2026-07-07/",
        "/kalender/hari-libur/2026-02-30/",
        "/kalender/jam-kerja/normal/2026-07-07/",
        "/kalender/jam-kerja/lain/2025-06-01/",
    ],
)
def test_what_the_calendar_says_nothing_about_is_not_there(keeper: Client, address: str) -> None:
    assert keeper.get(address).status_code == 404


def test_the_year_that_has_begun_is_shown_even_when_the_calendar_has_ended(
    keeper: Client,
) -> None:
    with clock.moved_to(dt.datetime(2028, 1, 3, 2, tzinfo=dt.UTC)):
        text = text_of(keeper, "/kalender/")

    assert "Kalender kerja 2028" in text
    assert "Sebagian tahun ini belum mempunyai jam kerja" in text


@pytest.mark.parametrize("who", ["kepala", "drafter", "admin1", "biro", "inspector", "nobody"])
def test_who_only_looks_is_offered_no_change(
    client: Client, office_people: OfficePeople, who: str
) -> None:
    client.force_login(getattr(office_people, who))
    pages = [
        "/kalender/",
        "/kalender/2026/7/",
        "/kalender/2026/hari-libur/",
        "/kalender/jam-kerja/",
    ]

    links = {
        address
        for page in pages
        for address in re.findall(r'href="(/kalender/[^"]*)"', html_of(client, page))
    }

    assert [
        link for link in links if re.search(r"tambah|tempel|rancangan|libur/2|normal", link)
    ] == []


def test_a_month_shows_the_hours_of_each_day(keeper: Client) -> None:
    text = text_of(keeper, "/kalender/2027/3/")

    assert "Maret 2027 15 hari kerja" in text
    assert "1 08.00–15.30 Jam kerja Ramadan 1448 H perkiraan" in text
    assert "8 Hari Suci Nyepi" in text
    assert "‹ Februari April ›" in text


def test_a_page_of_the_calendar_costs_the_same_however_much_it_holds(keeper: Client) -> None:
    counts = []
    for address in ("/kalender/", "/kalender/2027/3/", "/kalender/2027/hari-libur/"):
        keeper.get(address)
        with queries() as asked:
            keeper.get(address)
        counts.append(len(asked))

    assert counts == [11, 11, 11]


def test_the_list_of_holidays_names_what_they_rest_on(keeper: Client) -> None:
    text = text_of(keeper, "/kalender/2026/hari-libur/")

    assert (
        "Senin, 17 Agustus 2026 Hari Kemerdekaan Republik Indonesia Libur nasional SKB 3 Menteri "
        "Nomor 1497 Tahun 2025, Nomor 2 Tahun 2025, Nomor 5 Tahun 2025 dipastikan Ubah"
    ) in text
    estimates = text_of(keeper, "/kalender/2027/hari-libur/")
    assert estimates.count("perkiraan Pastikan") == 7


# -- from a form to the calendar in use -----------------------------------------------------------


def test_a_holiday_goes_through_a_preview_into_a_new_version(
    keeper: Client, office_people: OfficePeople
) -> None:
    case = cases.draft(office_people, people=0)
    before = timers.calendar_version()

    answer = send(keeper, "/kalender/hari-libur/tambah/?tanggal=2026-07-07", **holiday_fields())

    assert answer.headers["Location"] == "/kalender/rancangan/?selesai=kalender-libur-baru"
    assert timers.calendar_version() == before
    text = text_of(keeper, answer.headers["Location"])
    assert (
        "Hari libur 7 Juli 2026 (Cuti bersama contoh) ditambahkan: cuti bersama; dasar hukum SKB "
        "contoh; dipastikan."
    ) in text
    assert "Perubahan ini menggeser 1 tenggat" in text
    assert (
        f"{case.number} 1 · Menerbitkan SK Kamis, 9 Juli 2026, 16.00 WITA Jumat, 10 Juli 2026, "
        "11.00 WITA lebih lama"
    ) in text

    answer = send(keeper, "/kalender/rancangan/", reason=REASON)

    assert answer.headers["Location"] == "/kalender/versi/2/"
    assert timers.calendar_version() != before
    version = CalendarVersion.objects.get(number=2)
    assert version.reason == f"{REASON}. Dasar hukum: SKB contoh"
    assert not CalendarDraft.objects.exists()
    text = text_of(keeper, "/kalender/versi/2/")
    assert "Kalender versi 2 berlaku sekarang. 1 tenggat bergeser" in text
    assert f"{case.number} 1 · Menerbitkan SK Kamis, 9 Juli 2026, 16.00 WITA Jumat, 10 Juli" in text
    history = text_of(keeper, reverse("request_detail", args=[case.number]))
    assert (
        "Tenggat langkah 1 bergeser dari Kamis, 9 Juli 2026, 16.00 WITA menjadi Jumat, 10 Juli "
        "2026, 11.00 WITA karena kalender kerja versi 2. Alasan: Keputusan bersama tambahan. "
        "Dasar hukum: SKB contoh"
    ) in history


def test_a_reason_that_says_nothing_comes_back_with_everything_typed(keeper: Client) -> None:
    send(keeper, "/kalender/hari-libur/tambah/", **holiday_fields())

    answer = send(keeper, "/kalender/rancangan/", reason="SKB", legal_basis="SKB lain")

    assert answer.status_code == 200
    assert errors(answer) == {
        "reason": [
            "Alasan terlalu singkat. Tuliskan sedikitnya 10 karakter agar dapat dipahami kemudian."
        ]
    }
    html = answer.content.decode()
    assert ">\nSKB</textarea>" in html
    assert 'value="SKB lain"' in html
    assert CalendarVersion.objects.count() == 1


def test_who_was_overtaken_sees_the_new_preview_and_keeps_the_draft_and_the_reason(
    keeper: Client, office_people: OfficePeople
) -> None:
    other = cases.make_person("pengelola2", "Pengelola Kedua", Role.PENGELOLA_APLIKASI)
    send(keeper, "/kalender/hari-libur/tambah/", **holiday_fields())
    page = keeper.get("/kalender/rancangan/").content.decode()
    adopted(days_off(dt.date(2026, 7, 8)), other)

    stale = form_on(page, having="reason").fields | {"reason": REASON}
    answer = keeper.post("/kalender/rancangan/", stale)

    html = " ".join(answer.content.decode().split())
    assert "Kalender kerja telah diubah oleh Pengelola Kedua pukul 10.00 WITA" in html
    assert f"{REASON}</textarea>" in html
    assert CalendarVersion.objects.count() == 2
    fresh = form_on(answer.content.decode(), having="reason").fields
    assert keeper.post("/kalender/rancangan/", fresh).headers["Location"] == "/kalender/versi/3/"
    assert Holiday.objects.filter(date__in=[TUESDAY, dt.date(2026, 7, 8)]).count() == 2


def test_what_is_applied_is_what_was_shown(keeper: Client) -> None:
    send(keeper, "/kalender/hari-libur/tambah/", **holiday_fields())
    page = keeper.get("/kalender/rancangan/").content.decode()
    send(keeper, "/kalender/hari-libur/tambah/", **holiday_fields(date="2026-07-08"))

    answer = keeper.post(
        "/kalender/rancangan/", form_on(page, having="reason").fields | {"reason": REASON}
    )

    assert "Rancangan ini berubah sejak pratinjau Anda buka" in answer.content.decode()
    assert CalendarVersion.objects.count() == 1


def test_a_draft_is_kept_across_sessions_and_is_each_keepers_own(
    keeper: Client, office_people: OfficePeople
) -> None:
    other = cases.make_person("pengelola2", "Pengelola Kedua", Role.PENGELOLA_APLIKASI)
    send(keeper, "/kalender/hari-libur/tambah/", **holiday_fields())
    keeper.logout()

    keeper.force_login(other)
    assert "Belum ada rancangan" in text_of(keeper, "/kalender/rancangan/")
    keeper.force_login(office_people.keeper)
    assert "1 perubahan Anda belum diberlakukan" in text_of(keeper, "/kalender/")


def test_parts_of_a_draft_are_taken_back_one_by_one_or_all_at_once(
    keeper: Client, office_people: OfficePeople
) -> None:
    for date in ("2026-07-07", "2026-07-08", "2026-07-09"):
        send(keeper, "/kalender/hari-libur/tambah/", **holiday_fields(date=date))

    keeper.post("/kalender/rancangan/urungkan/", {"bagian": "libur-2026-07-08"})
    assert [sentence[:24] for sentence in proposed(office_people.keeper)] == [
        "Hari libur 7 Juli 2026 (",
        "Hari libur 9 Juli 2026 (",
    ]
    keeper.post("/kalender/rancangan/urungkan/", {"bagian": "libur-2026-07-08"})
    answer = keeper.post("/kalender/rancangan/buang/", follow=True)

    assert "Rancangan dibuang. Kalender yang berlaku tidak berubah." in answer.content.decode()
    assert not CalendarDraft.objects.exists()


def test_a_day_that_is_a_holiday_already_is_not_added_twice(keeper: Client) -> None:
    answer = send(keeper, "/kalender/hari-libur/tambah/", **holiday_fields(date="2026-08-17"))

    assert errors(answer) == {
        "date": [
            (
                "17 Agustus 2026 sudah tercatat sebagai Hari Kemerdekaan Republik Indonesia. Ubah "
                "hari libur itu, atau pilih tanggal lain."
            )
        ]
    }


def test_a_holiday_moves_to_another_day(keeper: Client, office_people: OfficePeople) -> None:
    answer = send(keeper, "/kalender/hari-libur/2027-03-10/", **holiday_fields(date="2027-03-09"))
    assert errors(answer)["date"][0].startswith("9 Maret 2027 sudah tercatat sebagai Cuti Bersama")

    send(
        keeper,
        "/kalender/hari-libur/2027-03-10/",
        date="2027-03-07",
        name="Hari Raya Idul Fitri",
        kind="libur nasional",
    )

    assert proposed(office_people.keeper) == [
        "Hari libur 7 Maret 2027 (Hari Raya Idul Fitri) ditambahkan: libur nasional; perkiraan.",
        "Hari libur 10 Maret 2027 (Hari Raya Idul Fitri) dihapus.",
    ]


def test_an_estimate_is_confirmed_with_its_legal_basis(
    keeper: Client, office_people: OfficePeople
) -> None:
    answer = send(keeper, "/kalender/hari-libur/2027-03-10/?pastikan=1", legal_basis="SKB 2027")

    assert answer.status_code == 302
    assert proposed(office_people.keeper) == [
        (
            "Hari libur 10 Maret 2027 (Hari Raya Idul Fitri) diubah: dasar hukum “—” menjadi “SKB "
            "2027”; kepastian “perkiraan” menjadi “dipastikan”."
        )
    ]


def test_a_holiday_is_taken_off(keeper: Client, office_people: OfficePeople) -> None:
    keeper.post("/kalender/hari-libur/2026-08-17/hapus/")

    assert proposed(office_people.keeper) == [
        "Hari libur 17 Agustus 2026 (Hari Kemerdekaan Republik Indonesia) dihapus."
    ]
    assert Holiday.objects.filter(date=dt.date(2026, 8, 17)).exists()


def test_a_change_that_is_changed_back_leaves_no_draft(keeper: Client) -> None:
    send(keeper, "/kalender/hari-libur/2026-08-17/", name="Lain")
    assert CalendarDraft.objects.count() == 1

    send(keeper, "/kalender/hari-libur/2026-08-17/", name="Hari Kemerdekaan Republik Indonesia")

    assert not CalendarDraft.objects.exists()


# -- tables of hours ------------------------------------------------------------------------------


def test_a_new_table_ends_the_one_that_runs(keeper: Client, office_people: OfficePeople) -> None:
    answer = send(
        keeper,
        "/kalender/jam-kerja/tambah/",
        name="Jam kerja baru",
        valid_from="2026-08-01",
        senin="07.30-12.00, 13.00-16.30",
    )

    assert answer.status_code == 302
    assert proposed(office_people.keeper) == [
        (
            "Tabel jam kerja “Jam kerja normal” yang berlaku sejak 1 Juni 2025 diubah: berlaku "
            "sampai “31 Desember 2027” menjadi “31 Juli 2026”."
        ),
        (
            "Tabel jam kerja “Jam kerja baru” yang berlaku sejak 1 Agustus 2026 ditambahkan: jam "
            "kerja biasa; berlaku sampai 31 Desember 2027; Senin 07.30–12.00, 13.00–16.30; Selasa "
            "07.30–16.00; Rabu 07.30–16.00; Kamis 07.30–16.00; Jumat 07.30–11.00; Sabtu tutup; "
            "Minggu tutup; perkiraan."
        ),
    ]
    answer = send(keeper, "/kalender/rancangan/", reason=REASON)
    assert answer.status_code == 302
    table = HoursTable.objects.get(name="Jam kerja baru")
    assert [str(span) for span in table.spans.all()][:2] == [
        "Senin, 07.30–12.00",
        "Senin, 13.00–16.30",
    ]


def test_a_table_beside_the_one_that_runs_is_shown_why_it_cannot_be(
    keeper: Client, office_people: OfficePeople
) -> None:
    page = keeper.get("/kalender/jam-kerja/tambah/").content.decode()
    fields = form_on(page, having="senin").fields | {"name": "Lain", "valid_from": "2026-08-01"}
    del fields["ends_running"]

    answer = keeper.post("/kalender/jam-kerja/tambah/", fields, follow=True)

    text = " ".join(answer.content.decode().split())
    assert "Belum dapat diberlakukan. Rancangan Anda tetap tersimpan" in text
    assert "Tabel “Jam kerja normal” dan “Lain” sama-sama berjenis biasa" in text
    assert 'name="reason"' not in text


def test_the_hours_of_a_weekday_are_looked_at_as_they_are_typed(keeper: Client) -> None:
    answer = send(
        keeper,
        "/kalender/jam-kerja/normal/2025-06-01/",
        senin="pagi",
        selasa="16.00-07.30",
        valid_until="2024-01-01",
    )

    assert errors(answer) == {
        "senin": ["Jam “pagi” tidak dapat dibaca. Tulis misalnya 07.30-16.00."],
        "selasa": ["Jam tutup 07.30 harus sesudah jam buka 16.00."],
        "valid_until": ["Tanggal akhir mendahului tanggal awal. Periksa kedua tanggal itu."],
    }


def test_two_tables_of_one_kind_never_begin_together(keeper: Client) -> None:
    answer = send(keeper, "/kalender/jam-kerja/tambah/", name="Lain", valid_from="2025-06-01")

    assert errors(answer) == {
        "valid_from": [
            (
                "Tabel “Jam kerja normal” mulai pada tanggal yang sama. Ubah tabel itu, atau pilih "
                "tanggal lain."
            )
        ]
    }


def test_a_table_as_it_stands_is_no_change(keeper: Client) -> None:
    send(keeper, "/kalender/jam-kerja/ramadan/2027-02-08/", note=SEED.tables[-1].note)

    assert not CalendarDraft.objects.exists()


def test_a_table_is_prolonged_and_moved(keeper: Client, office_people: OfficePeople) -> None:
    send(keeper, "/kalender/jam-kerja/normal/2025-06-01/", valid_until="2028-12-31")
    send(keeper, "/kalender/jam-kerja/ramadan/2027-02-08/", valid_from="2027-02-09")

    assert proposed(office_people.keeper)[0] == (
        "Tabel jam kerja “Jam kerja normal” yang berlaku sejak 1 Juni 2025 diubah: berlaku sampai "
        "“31 Desember 2027” menjadi “31 Desember 2028”."
    )
    assert [sentence.partition(":")[0] for sentence in proposed(office_people.keeper)[1:]] == [
        "Tabel jam kerja “Jam kerja Ramadan 1448 H” yang berlaku sejak 8 Februari 2027 dihapus.",
        "Tabel jam kerja “Jam kerja Ramadan 1448 H” yang berlaku sejak 9 Februari 2027 ditambahkan",
    ]


def test_a_table_that_is_needed_can_be_proposed_away_but_not_applied(keeper: Client) -> None:
    answer = keeper.post("/kalender/jam-kerja/normal/2025-06-01/hapus/", follow=True)

    assert "Kalender kerja belum memuat tabel jam kerja untuk" in answer.content.decode()


# -- a pasted table -------------------------------------------------------------------------------

PASTED = """Tanggal\tNama\tJenis\tDasar hukum\tDipastikan
10 Maret 2027\tHari Raya Idul Fitri\tlibur nasional\tSKB 2027\tya
17/08/2027\tHari Kemerdekaan Republik Indonesia\tlibur nasional\t\tya
2027-12-27\tCuti Bersama Natal\tcuti bersama\tSKB 2027\tya"""


def paste(client: Client, text: str, **more: Any) -> Any:
    return client.post("/kalender/hari-libur/tempel/", {"table": text, **more})


def test_a_pasted_table_is_compared_row_by_row_before_anything_is_taken(
    keeper: Client,
) -> None:
    answer = paste(keeper, PASTED)

    assert [(line.row.number, line.status) for line in answer.context["compared"]] == [
        (2, "berubah"),
        (3, "sama"),
        (4, "baru"),
    ]
    assert answer.context["compared"][0].detail == (
        "dasar hukum “—” menjadi “SKB 2027”; kepastian “perkiraan” menjadi “dipastikan”"
    )
    assert len(answer.context["left_out"]) == 24
    assert not CalendarDraft.objects.exists()


def test_a_pasted_table_is_taken_into_the_draft_with_what_it_replaces(
    keeper: Client, office_people: OfficePeople
) -> None:
    answer = paste(keeper, PASTED, ambil="1", hapus=["2027-03-09", "2027-08-17", "rubbish"])

    assert answer.headers["Location"] == "/kalender/rancangan/?selesai=kalender-tempel"
    assert [sentence.partition(":")[0] for sentence in proposed(office_people.keeper)] == [
        "Hari libur 9 Maret 2027 (Cuti Bersama Hari Raya Idul Fitri) dihapus.",
        "Hari libur 10 Maret 2027 (Hari Raya Idul Fitri) diubah",
        "Hari libur 27 Desember 2027 (Cuti Bersama Natal) ditambahkan",
    ]


def test_nothing_is_taken_while_a_row_is_wrong_and_the_text_stays(keeper: Client) -> None:
    text = f"{PASTED}\n31 Juni 2027\tSalah\tcuti bersama"

    answer = paste(keeper, text, ambil="1")

    html = answer.content.decode()
    assert answer.status_code == 200
    assert "1 baris perlu diperbaiki" in html
    assert "31 Juni 2027\tSalah" in html
    assert 'name="ambil"' not in html
    assert not CalendarDraft.objects.exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Tempelkan dahulu tabelnya."),
        ("Tanggal;Nama", "Tabel ini tidak memuat satu pun baris hari libur."),
        (
            "1;2\n" * 500,
            "Tabel memuat 500 baris; paling banyak 400 baris sekaligus. Tempelkan per tahun.",
        ),
    ],
)
def test_a_paste_that_is_no_table_says_so(keeper: Client, text: str, sentence: str) -> None:
    assert errors(paste(keeper, text)) == {"table": [sentence]}


def test_a_table_that_says_what_is_there_offers_nothing(keeper: Client) -> None:
    rows = [line.holiday for line in calendar_pages.holidays_of(SEED, 2026)]
    text = "\n".join(
        f"{row.date};{row.name};{row.kind};{row.legal_basis};{'ya' if row.confirmed else 'tidak'}"
        for row in rows
    )

    answer = paste(keeper, text)

    assert "Tabel ini sama dengan kalender" in answer.content.decode()
    assert 'name="ambil"' not in answer.content.decode()


def test_a_year_that_no_package_knows_is_pasted_and_used(
    keeper: Client, office_people: OfficePeople
) -> None:
    send(keeper, "/kalender/jam-kerja/normal/2025-06-01/", valid_until="2028-12-31")
    paste(keeper, "1 Januari 2028;Tahun Baru Masehi;libur nasional;SKB 2028;ya", ambil="1")

    send(keeper, "/kalender/rancangan/", reason=REASON)

    assert timers.working_time().last_date == dt.date(2028, 12, 31)
    assert "Sabtu, 1 Januari 2028 Tahun Baru Masehi" in text_of(
        keeper, "/kalender/2028/hari-libur/"
    )


# -- versions -------------------------------------------------------------------------------------


def test_a_former_version_is_brought_back_through_a_draft(
    keeper: Client, office_people: OfficePeople
) -> None:
    adopted(days_off(TUESDAY), office_people.keeper)
    before = CalendarVersion.objects.get(number=1).version

    answer = keeper.post("/kalender/versi/1/kembalikan/")
    assert answer.headers["Location"] == "/kalender/rancangan/"
    assert proposed(office_people.keeper) == [
        "Hari libur 7 Juli 2026 (Cuti bersama contoh) dihapus."
    ]
    send(keeper, "/kalender/rancangan/", reason="Keputusan bersama dicabut")

    assert timers.calendar_version() == before
    assert list(CalendarVersion.objects.values_list("number", flat=True)) == [3, 2, 1]
    assert "Versi 3 berlaku" in text_of(keeper, "/kalender/versi/")


def test_bringing_a_version_back_never_throws_a_draft_away(
    keeper: Client, office_people: OfficePeople
) -> None:
    adopted(days_off(TUESDAY), office_people.keeper)
    send(keeper, "/kalender/hari-libur/tambah/", **holiday_fields(date="2026-07-08"))
    before = proposed(office_people.keeper)

    answer = keeper.post("/kalender/versi/1/kembalikan/", follow=True)

    assert "Anda masih mempunyai rancangan" in answer.content.decode()
    assert proposed(office_people.keeper) == before


def test_who_reads_no_case_is_told_of_a_version_but_not_of_cases(
    client: Client, office_people: OfficePeople
) -> None:
    case = cases.draft(office_people, people=0)
    adopted(days_off(TUESDAY), office_people.keeper)

    client.force_login(office_people.nobody)
    text = text_of(client, "/kalender/versi/2/")
    assert "1 tenggat bergeser" in text
    assert case.number not in text
    client.force_login(office_people.biro)
    assert case.number in text_of(client, "/kalender/versi/2/")


def test_an_installation_without_versions_says_so(
    keeper: Client, without_guard_rails: None
) -> None:
    CalendarVersion.objects.all().delete()

    assert "Belum ada versi yang tercatat" in text_of(keeper, "/kalender/versi/")


def test_a_draft_that_says_what_the_calendar_says_is_empty(
    keeper: Client, office_people: OfficePeople
) -> None:
    (holiday,) = [one for one in SEED.holidays if one.date == dt.date(2026, 8, 17)]
    calendar_proposals.keep_draft(office_people.keeper, Proposal({holiday.date: holiday}))

    assert "Belum ada rancangan" in text_of(keeper, "/kalender/rancangan/")


def test_marks_that_change_without_a_move_are_listed_apart(
    keeper: Client, office_people: OfficePeople
) -> None:
    adopted(Proposal({TUESDAY: day_off(TUESDAY, confirmed=False)}), office_people.keeper)
    cases.draft(office_people, people=0)

    answer = send(keeper, "/kalender/hari-libur/2026-07-07/?pastikan=1", legal_basis="SKB 2")
    text = text_of(keeper, answer.headers["Location"])

    assert "Perubahan ini tidak menggeser satu pun tenggat" in text
    assert "1 tenggat tetap, hanya tandanya yang berubah" in text
    send(keeper, "/kalender/rancangan/", reason=REASON)
    assert DeadlineVersion.objects.count() == 1
    assert "tetap, tidak lagi perkiraan" in text_of(keeper, "/kalender/versi/3/")


@pytest.mark.parametrize("who", ["kepala", "drafter", "admin1", "biro", "inspector", "nobody"])
@pytest.mark.parametrize(
    "address",
    [
        "hari-libur/tambah/",
        "hari-libur/tempel/",
        "hari-libur/2026-08-17/",
        "hari-libur/2026-08-17/hapus/",
        "jam-kerja/tambah/",
        "jam-kerja/normal/2025-06-01/",
        "jam-kerja/normal/2025-06-01/hapus/",
        "rancangan/",
        "rancangan/urungkan/",
        "rancangan/buang/",
        "versi/1/kembalikan/",
    ],
)
def test_nobody_else_presses_anything(
    client: Client, office_people: OfficePeople, who: str, address: str
) -> None:
    client.force_login(getattr(office_people, who))

    response = client.post(f"/kalender/{address}", holiday_fields())

    assert response.status_code == 403
    assert not CalendarDraft.objects.exists()
    assert not AuditEntry.objects.filter(act=Act.ADOPT_CALENDAR).exists()


def test_every_page_of_a_keeper_leads_to_the_draft(keeper: Client) -> None:
    send(keeper, "/kalender/hari-libur/tambah/", **holiday_fields())
    pages = (
        "",
        "2026/7/",
        "2026/hari-libur/",
        "jam-kerja/",
        "versi/",
        "versi/1/",
        "hari-libur/tambah/",
        "hari-libur/tempel/",
        "hari-libur/2026-07-07/",
        "jam-kerja/tambah/",
        "jam-kerja/normal/2025-06-01/",
    )

    said = [text_of(keeper, f"/kalender/{page}") for page in pages]

    assert ["Rancangan (1)" in text for text in said] == [True] * len(pages)
    assert ["1 perubahan Anda belum diberlakukan" in text for text in said] == [True] * len(pages)


def test_a_form_leads_back_to_the_year_that_it_is_about(keeper: Client) -> None:
    html = html_of(keeper, "/kalender/hari-libur/2027-03-10/")

    assert '<a href="/kalender/2027/hari-libur/">Kembali</a>' in html
