"""The people of a draft: one at a time, from an XLSX, and their scans."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import openpyxl
import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts_requests import clock, workflow
from accounts_requests.models import AccountRequest, Document, Office, Registrant, StagedUpload
from accounts_requests.spreadsheets import people_template

from . import cases

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.moved_to(cases.MONDAY):
        yield


@pytest.fixture
def drafter(client: Client, office_people: cases.OfficePeople) -> Client:
    client.force_login(office_people.drafter)
    return client


TYPED = {
    "account_kind": "verifikator",
    "request_kind": "new",
    "full_name": "Contoh Ketik",
    "title_before": "",
    "title_after": "S.T.",
    "employment": "pns",
    "nip": "19720528 200502 1 001",
    "rank": "Penata",
    "grade": "III/c",
    "position": "Pengelola Pengadaan",
    "work_unit": "Biro Pengadaan Barang dan Jasa",
    "agency": "",
    "email": "ketik@contoh.example",
    "mobile": "0812 3456 789",
    "office_address": "Jalan Contoh Nomor 1, Samarinda",
    "proposed_user_id": "contoh.ketik",
    "valid_until": "",
    "statement_date": "2026-07-06",
    "form_number": "",
}

COLUMNS = (
    "Jenis akun",
    "Nama lengkap",
    "Status kepegawaian",
    "NIP/NI PPPK",
    "Jabatan",
    "Unit kerja",
    "K/L/PD",
    "E-mail",
    "Nomor ponsel",
    "Alamat kantor",
    "Usulan user id",
    "Tanggal pernyataan",
)


def url(name: str, case: AccountRequest, *more: object) -> str:
    return reverse(name, args=[case.number, *more])


def sentences(response: Any) -> list[str]:
    """Every sentence that the form of a page shows."""
    errors = response.context["form"].errors
    return sorted(str(text) for texts in errors.values() for text in texts)


def names(case: AccountRequest) -> list[str]:
    return list(case.registrants.order_by("position_in_list").values_list("full_name", flat=True))


def filled(*people: dict[str, str], without: tuple[str, ...] = ()) -> bytes:
    """The office's template with a row for each person, perhaps without some columns."""
    book = openpyxl.load_workbook(BytesIO(people_template.build(Office.current())))
    sheet = book.worksheets[0]
    header = next(
        row for row in range(1, 10) if "Nama lengkap" in [cell.value for cell in sheet[row]]
    )
    titles = {str(cell.value): place for place, cell in enumerate(sheet[header], start=1)}
    for offset, person in enumerate(people, start=header + 2):
        for title, value in person.items():
            sheet.cell(offset, titles[title], value)
    for title in without:
        sheet.delete_cols(titles[title])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def row(number: int, **changes: str) -> dict[str, str]:
    person = cases.person(number)
    values = (
        "Verifikator",
        person.full_name,
        "PNS",
        person.nip,
        person.position,
        person.work_unit,
        person.agency,
        person.email,
        person.mobile,
        person.office_address,
        person.proposed_user_id,
        "06-07-2026",
    )
    return {**dict(zip(COLUMNS, values, strict=True)), **changes}


def file(data: bytes, name: str = "personel.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def a_pdf() -> bytes:
    pdf, stream = pikepdf.new(), BytesIO()
    pdf.add_blank_page()
    pdf.save(stream)
    return stream.getvalue()


# -- one at a time ------------------------------------------------------------------------------


def test_a_person_is_added_and_the_next_empty_form_follows(
    drafter: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.draft(office_people, people=1)
    response = drafter.post(url("person_add", case), {**TYPED, "lanjut": "1"})
    keep = f"personel-{case.number}-baru"
    assert response["Location"] == f"{url('person_add', case)}?tersimpan={keep}"
    page = drafter.get(response["Location"])
    assert f'data-keep-clear="{keep}"' in page.content.decode()
    assert page.context["form"]["full_name"].value() is None
    added = case.registrants.get(position_in_list=2)
    assert (added.full_name, added.nip, added.mobile) == (
        "Contoh Ketik",
        "197205282005021001",
        "+628123456789",
    )


def test_a_wrong_nip_is_explained_and_nothing_typed_is_lost(
    drafter: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.draft(office_people, people=0)
    typed = {**TYPED, "nip": "19721328 200502 1 001"}
    response = drafter.post(url("person_add", case), typed)
    assert response.status_code == 200
    assert set(response.context["form"].errors) == {"nip"}
    assert "Isian Anda tetap ada" in response.content.decode()
    shown = response.context["form"]
    assert {name: shown[name].value() for name in typed} == typed
    assert not case.registrants.exists()


def test_two_people_cannot_share_one_address(
    drafter: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.draft(office_people, people=1)
    response = drafter.post(
        url("person_add", case), {**TYPED, "email": "personel001@contoh.example"}
    )
    assert sentences(response) == [
        (
            "E-mail personel001@contoh.example dipakai pula oleh orang lain (nomor urut 1). Satu "
            "alamat milik satu orang: isikan alamat milik masing-masing."
        )
    ]
    assert names(case) == ["Contoh Personel 001"]


def test_a_person_is_changed_and_removed(
    drafter: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.draft(office_people, people=2)
    drafter.post(url("person_edit", case, 1), {**TYPED, "full_name": "Nama Baru"})
    assert names(case) == ["Nama Baru", "Contoh Personel 002"]
    first = case.registrants.get(position_in_list=1)
    drafter.post(url("person_remove", case, 1), {"pk": first.pk})
    assert list(case.registrants.values_list("position_in_list", "full_name")) == [
        (1, "Contoh Personel 002")
    ]


def test_a_stale_list_removes_nobody_else(
    drafter: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.draft(office_people, people=2)
    first = case.registrants.get(position_in_list=1)
    drafter.post(url("person_remove", case, 1), {"pk": first.pk})
    response = drafter.post(url("person_remove", case, 1), {"pk": first.pk})
    assert response.status_code == 409
    assert "tidak ada yang dihapus" in re.sub(r"\s+", " ", response.content.decode())
    assert names(case) == ["Contoh Personel 002"]


def test_the_list_shows_what_to_look_at_beside_each_person(
    drafter: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.draft(office_people, people=0)
    for person in (
        cases.person(1, full_name="Contoh Satu"),
        cases.person(2, full_name="Contoh Dua", email="lpse@contoh.example", grade="", rank=""),
    ):
        workflow.add_registrant(case, actor=office_people.drafter, person=person)
    page = drafter.get(url("people", case))
    assert [line.errors for line in page.context["lines"]] == [[], []]
    assert [line.warnings for line in page.context["lines"]] == [
        [],
        [
            "Golongan belum diisi, padahal PNS mempunyainya. Lampiran SK mencetak “—”.",
            (
                "E-mail lpse@contoh.example tampaknya kotak surat bersama. Password dikirim ke "
                "alamat ini: gunakan alamat milik personel sendiri."
            ),
        ],
    ]
    assert "tampaknya kotak surat bersama" in page.content.decode()


def test_people_at_paraf_are_listed_but_cannot_be_changed(
    drafter: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    case = cases.submitted(office_people)
    assert "Tambah personel" not in drafter.get(url("people", case)).content.decode()
    for response in (
        drafter.get(url("person_add", case)),
        drafter.post(url("person_add", case), TYPED),
        drafter.get(url("person_edit", case, 1)),
        drafter.get(url("people_upload", case)),
    ):
        assert response.status_code == 409
        assert "Daftar personel telah dikunci" in response.content.decode()
    assert case.registrants.count() == 2


def test_others_do_not_reach_the_draft(client: Client, office_people: cases.OfficePeople) -> None:
    case = cases.draft(office_people)
    for person in (office_people.admin1, office_people.inspector, office_people.keeper):
        client.force_login(person)
        for name in ("people", "draft_edit", "people_upload", "person_add"):
            assert client.get(url(name, case)).status_code == 403


# -- from an XLSX -------------------------------------------------------------------------------


def test_the_template_is_a_workbook(drafter: Client) -> None:
    response = drafter.get(reverse("people_template"))
    assert response["Content-Disposition"] == 'attachment; filename="templat-personel.xlsx"'
    assert openpyxl.load_workbook(BytesIO(response.content)).sheetnames[-1] == "Petunjuk"


def test_a_list_is_read_first_and_taken_in_afterwards(
    drafter: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.draft(office_people, people=1)
    drafter.post(url("people_upload", case), {"file": file(filled(row(2), row(3)))})
    assert names(case) == ["Contoh Personel 001"]
    page = drafter.get(url("people_upload", case))
    assert "2 personel siap diambil" in page.content.decode()
    staged = StagedUpload.objects.get()
    drafter.post(url("people_import", case), {"staged": staged.public_id, "cara": "tambah"})
    assert names(case) == [f"Contoh Personel 00{number}" for number in (1, 2, 3)]
    assert not StagedUpload.objects.exists()


def test_a_list_may_replace_the_one_before(
    drafter: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.draft(office_people, people=2)
    drafter.post(url("people_upload", case), {"file": file(filled(row(3)))})
    staged = StagedUpload.objects.get()
    drafter.post(url("people_import", case), {"staged": staged.public_id, "cara": "ganti"})
    assert names(case) == ["Contoh Personel 003"]


def test_a_list_with_mistakes_names_row_and_column_and_stays_downloadable(
    drafter: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.draft(office_people, people=1)
    data = filled(row(2, **{"NIP/NI PPPK": "123"}), row(3))
    drafter.post(url("people_upload", case), {"file": file(data, "daftar kami.xlsx")})
    page = drafter.get(url("people_upload", case))
    assert [(problem.row, problem.column) for problem in page.context["sheet"].problems] == [
        (3, "NIP/NI PPPK")
    ]
    assert "Belum ada yang diambil dari daftar kami.xlsx" in page.content.decode()
    staged = StagedUpload.objects.get()
    again = drafter.get(url("staged_download", case, staged.public_id))
    assert again.content == data
    assert again["Content-Disposition"] == 'attachment; filename="daftar kami.xlsx"'
    drafter.post(url("people_import", case), {"staged": staged.public_id, "cara": "tambah"})
    assert names(case) == ["Contoh Personel 001"]


def test_a_missing_column_is_named(drafter: Client, office_people: cases.OfficePeople) -> None:
    case = cases.draft(office_people, people=0)
    drafter.post(url("people_upload", case), {"file": file(filled(row(1), without=("E-mail",)))})
    page = drafter.get(url("people_upload", case))
    assert [str(problem.sentence) for problem in page.context["sheet"].problems] == [
        (
            "Kolom E-mail tidak ada. Tambahkan kolom dengan judul itu, atau salin daftar ke "
            "templat dari aplikasi ini."
        )
    ]
    assert not case.registrants.exists()


def test_people_who_clash_with_those_in_the_draft_are_refused_together(
    drafter: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.draft(office_people, people=1)
    drafter.post(url("people_upload", case), {"file": file(filled(row(1), row(2)))})
    staged = StagedUpload.objects.get()
    response = drafter.post(
        url("people_import", case), {"staged": staged.public_id, "cara": "tambah"}
    )
    assert response.status_code == 200
    assert "Belum ada yang diambil. Berkas Anda tetap tersimpan." in response.content.decode()
    assert all(text.startswith("Personel ke-1:") for text in response.context["refusals"])
    assert names(case) == ["Contoh Personel 001"]
    assert StagedUpload.objects.get() == staged


def a_zip() -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "kosong (0 byte)"),
        (b"nama;nip\n", "bukan buku kerja Excel (.xlsx)"),
        (a_zip(), "bukan buku kerja Excel (.xlsx)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "buku kerja Excel lama (.xls)"),
        (b"0" * (30 * 1024 * 1024), "terlalu besar: 30,0 MB, sedangkan batasnya 10 MB"),
    ],
    ids=["nothing", "text", "another zip", "old excel", "30 MB"],
)
def test_what_is_no_workbook_is_refused_with_one_sentence(
    drafter: Client, office_people: cases.OfficePeople, data: bytes, said: str
) -> None:
    case = cases.draft(office_people, people=1)
    response = drafter.post(url("people_upload", case), {"file": file(data)})
    assert response.status_code == 200
    [sentence] = sentences(response)
    assert said in sentence
    assert not StagedUpload.objects.exists()
    assert names(case) == ["Contoh Personel 001"]


def test_the_waiting_file_is_its_owners_alone(
    client: Client, drafter: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.draft(office_people, people=0)
    drafter.post(url("people_upload", case), {"file": file(filled(row(1)))})
    staged = StagedUpload.objects.get()
    client.force_login(office_people.kepala)
    assert client.get(url("staged_download", case, staged.public_id)).status_code == 404
    assert client.get(url("people_upload", case)).context["staged"] is None
    stolen = client.post(url("people_import", case), {"staged": staged.public_id})
    assert stolen.status_code == 409
    assert not Registrant.objects.exists()


def test_a_file_can_be_thrown_away(drafter: Client, office_people: cases.OfficePeople) -> None:
    case = cases.draft(office_people, people=0)
    drafter.post(url("people_upload", case), {"file": file(filled(row(1)))})
    drafter.post(url("people_discard", case))
    assert not StagedUpload.objects.exists()


# -- scans --------------------------------------------------------------------------------------


def test_a_scan_is_attached_to_one_person_and_taken_off_again(
    drafter: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.draft(office_people, people=2)
    second = case.registrants.get(position_in_list=2)
    picture = BytesIO()
    Image.new("L", (40, 40)).save(picture, "PNG")
    for upload, owner in ((a_pdf(), ""), (picture.getvalue(), second.pk)):
        drafter.post(
            url("attachments", case),
            {"file": file(upload, "pindai"), "title": "Pindai", "person": owner},
        )
    page = drafter.get(url("attachments", case))
    assert [group.title for group in page.context["groups"]] == [
        "Seluruh permohonan",
        "2. Contoh Personel 002, S.Kom.",
    ]
    for scan in Document.objects.all():
        drafter.post(url("attachment_remove", case, scan.public_id))
    assert drafter.get(url("attachments", case)).context["groups"] == []


def test_a_pdf_that_is_none_is_refused_and_the_title_stays(
    drafter: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.draft(office_people, people=1)
    response = drafter.post(
        url("attachments", case),
        {"file": file(b"%PDF-1.7 rusak", "surat.pdf"), "title": "Surat pengantar", "person": ""},
    )
    assert sentences(response) == [
        (
            "Berkas PDF surat.pdf rusak atau tidak lengkap. Simpan ulang dokumennya sebagai PDF, "
            "lalu unggah kembali."
        )
    ]
    assert response.context["form"]["title"].value() == "Surat pengantar"
    assert not Document.objects.exists()


def test_admin_ppe_is_led_to_no_page_of_the_draft_that_is_closed_to_them(
    client: Client, office_people: cases.OfficePeople
) -> None:
    case = cases.draft(office_people)
    client.force_login(office_people.admin1)
    page = client.get(url("attachments", case)).content.decode()
    assert url("people", case) not in page
    assert url("decree_preview", case) not in page


def test_admin_ppe_may_add_scans_later_but_nobody_takes_them_off(
    client: Client, office_people: cases.OfficePeople, quick_papers: None
) -> None:
    case = cases.ordered(office_people)
    client.force_login(office_people.admin1)
    client.post(url("attachments", case), {"file": file(a_pdf()), "title": "Susulan", "person": ""})
    scan = Document.objects.get(kind="scan")
    client.force_login(office_people.drafter)
    assert client.get(url("attachments", case)).context["may_detach"] is False
    assert client.post(url("attachment_remove", case, scan.public_id)).status_code == 409
