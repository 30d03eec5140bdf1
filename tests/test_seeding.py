"""A new installation gets the SOP, an office and a calendar; nobody's edits are touched."""

import datetime as dt

import pytest
from django.core.management import call_command

from accounts_requests import seeding
from accounts_requests.decree_defaults import defaults
from accounts_requests.models import (
    AuditChain,
    Holiday,
    HoursSpan,
    HoursTable,
    Office,
    SopRequirement,
    SopRevision,
    SopStep,
)
from accounts_requests.office_days import read_calendar

pytestmark = pytest.mark.django_db

MODELS = (
    AuditChain,
    Holiday,
    HoursSpan,
    HoursTable,
    Office,
    SopRequirement,
    SopRevision,
    SopStep,
)


def counted() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in MODELS}


def test_a_new_installation_gets_everything_it_starts_with() -> None:
    calendar = read_calendar()

    added = seeding.seed()

    assert added == seeding.Seeded(
        revisions=1,
        offices=1,
        hours_tables=len(calendar.tables),
        holidays=len(calendar.holidays),
    )
    assert counted() == {
        "AuditChain": 1,
        "Holiday": len(calendar.holidays),
        "HoursSpan": sum(len(spans) for table in calendar.tables for spans in table.week),
        "HoursTable": len(calendar.tables),
        "Office": 1,
        "SopRequirement": 5,
        "SopRevision": 1,
        "SopStep": 5,
    }


def test_seeding_again_adds_nothing() -> None:
    seeding.seed()
    before = counted()

    assert seeding.seed() == seeding.Seeded(0, 0, 0, 0)
    assert counted() == before


def test_what_people_changed_stays_changed(without_guard_rails: None) -> None:
    seeding.seed()
    Office.objects.update(city="Balikpapan", is_demo=False)
    SopRevision.objects.update(legal_note="Diperiksa.")
    SopStep.objects.filter(number=5).update(short_name="Arsip")
    AuditChain.objects.update(head="f" * 64, count=7)
    HoursTable.objects.filter(kind=HoursTable.Kind.NORMAL).update(note="Diperiksa.")
    holiday = Holiday.objects.order_by("date").first()
    assert holiday is not None
    holiday.delete()
    Holiday.objects.update(confirmed=True)

    seeding.seed()

    assert Office.current().city == "Balikpapan"
    assert Office.current().is_demo is False
    assert SopRevision.objects.get().legal_note == "Diperiksa."
    assert SopStep.objects.get(number=5).short_name == "Arsip"
    assert AuditChain.objects.values_list("head", "count").get() == ("f" * 64, 7)
    assert set(
        HoursTable.objects.filter(kind=HoursTable.Kind.NORMAL).values_list("note", flat=True)
    ) == {"Diperiksa."}
    assert Holiday.objects.filter(date=holiday.date).count() == 0
    assert Holiday.objects.filter(confirmed=False).count() == 0


def test_the_revision_holds_the_sheets_words_and_its_steps_hold_theirs() -> None:
    seeding.seed()

    revision = SopRevision.objects.get()

    assert (revision.revision, revision.number, revision.title, revision.in_force_from) == (
        1,
        "000-310624/BPLPSE/B.PBJ",
        "REGISTRASI VERIFIKATOR/HELPDESK/ADMIN AGENCY LPSE",
        dt.date(2023, 2, 28),
    )
    assert sorted(revision.content) == ["header", "identity", "reading", "rows", "table"]
    assert revision.content["rows"]["4"] == {
        "number_note": "",
        "stray": "Kepala LPSE",
        "flow_words": [],
    }
    assert list(
        revision.steps.values_list("printed_number", "printed_limit", "limit_amount", "limit_unit")
    ) == [
        ("1", "3 Hari", 3, "working_days"),
        ("2", "N/A", None, "working_minutes"),
        ("3", "60 Menit", 60, "working_minutes"),
        ("4", "30 Menit", 30, "working_minutes"),
        ("", "10 Menit", 10, "working_minutes"),
    ]


def test_the_office_is_plainly_an_example_at_addresses_of_nobody() -> None:
    seeding.seed()

    office = Office.current()

    assert office.is_demo is True
    assert (office.government, office.secretariat, office.name) == (
        "PEMERINTAH PROVINSI KALIMANTAN TIMUR",
        "SEKRETARIAT DAERAH",
        "BIRO PENGADAAN BARANG DAN JASA",
    )
    assert (office.website, office.email, office.target_url, office.target_guide_url) == (
        "https://lpse.example",
        "lpse@lpse.example",
        "https://spse.example/",
        "https://spse.example/panduan/",
    )


def test_the_decrees_first_wording_names_this_office_and_this_sop() -> None:
    seeding.seed()
    office = Office.current()
    office.lpse_name, office.target_name = "LPSE Kota Contoh", "SPSE 5"

    texts = defaults(office, SopRevision.objects.get())

    assert texts.subject == "Pembuatan Akun Verifikator/Helpdesk/Admin Agency LPSE"
    assert texts.considerations.splitlines() == [
        (
            "bahwa untuk kelancaran pelayanan pengadaan secara elektronik pada LPSE Kota Contoh "
            "diperlukan personel yang menjalankan tugas sebagai Verifikator, Helpdesk, dan Admin "
            "Agency"
        ),
        (
            "bahwa personel sebagaimana dimaksud dalam huruf a memerlukan akun pada aplikasi SPSE "
            "5 yang dibuat berdasarkan penetapan Kepala LPSE"
        ),
        (
            "bahwa berdasarkan pertimbangan sebagaimana dimaksud dalam huruf a dan huruf b, perlu "
            "menetapkan Keputusan Kepala LPSE tentang pembuatan akun dimaksud"
        ),
    ]
    assert texts.noted == (
        "Standar Operasional Prosedur Nomor 000-310624/BPLPSE/B.PBJ tentang Registrasi "
        "Verifikator/Helpdesk/Admin Agency LPSE"
    )
    assert len(texts.legal_bases.splitlines()) == 4
    assert texts.copies_to.splitlines() == [
        "Kepala Biro Pengadaan Barang dan Jasa",
        "Yang bersangkutan",
        "Arsip",
    ]


def test_the_command_says_how_much_it_added(capsys: pytest.CaptureFixture[str]) -> None:
    seeding.seed()

    call_command("seed")

    assert capsys.readouterr().out == (
        "Ditambahkan: 0 revisi SOP, 0 kantor, 0 tabel jam kerja, 0 hari libur.\n"
    )
