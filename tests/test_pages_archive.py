"""The archive as people meet it: the registers, one file, its data and moves, usul musnah."""

import io
import re
import subprocess

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from accounts_requests import archive_rules, clock, workflow
from accounts_requests.exceptions import InvalidInput
from accounts_requests.forms.archive_keeping import FileDataForm
from accounts_requests.models import (
    AccountRequest,
    ArchiveDescription,
    ArchiveMove,
    AuditEntry,
    DestructionDecision,
    DestructionProposal,
    User,
)
from accounts_requests.states import Act

from . import archive_cases, cases
from .archive_cases import RETENTION_OVER
from .cases import MONDAY, OfficePeople
from .query_counts import queries
from .reading import html_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_papers")]

FILE_QUERIES = 17


def words_of(pdf: bytes) -> str:
    read = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(read.stdout.decode().split())


def rows_of(xlsx: bytes) -> list[tuple[object, ...]]:
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx)).active
    assert sheet is not None
    return list(sheet.iter_rows(values_only=True))


def numbers_on(client: Client, **asked: str) -> list[str]:
    """The numbers of the files in the register, as it is asked for."""
    response = client.get(reverse("archive"), asked)
    assert response.status_code == 200
    return [line.number for line in response.context["lines"]]


def taken() -> list[str]:
    exports = AuditEntry.objects.filter(act=Act.EXPORT).order_by("sequence")
    return list(exports.values_list("summary", flat=True))


@pytest.fixture
def old_file(office_people: OfficePeople) -> AccountRequest:
    """One that is not permanent."""
    with clock.moved_to(MONDAY):
        return archive_cases.doomed(office_people)


def typed(case: AccountRequest, **changes: str) -> dict[str, str]:
    """The form of the file's data as it is shown, with ``changes`` and a reason."""
    shown = FileDataForm.initial_of(archive_cases.data(case))
    values = {name: str(shown[name]) for name in FileDataForm.base_fields if name in shown}
    return values | {"reason": "Dipindahkan ke boks lain"} | changes


# -- daftar berkas --------------------------------------------------------------------------------


def test_files_are_searched_and_filtered(client: Client, office_people: OfficePeople) -> None:
    with clock.moved_to(MONDAY):
        archive_cases.archived(office_people, 1)
        second = archive_cases.doomed(office_people, 2)
        workflow.describe_file(
            second,
            actor=office_people.admin1,
            data=archive_cases.data(second, location="Ruang depo", rack="7"),
            reason="Dipindahkan",
        )
    with clock.moved_to(RETENTION_OVER):
        client.force_login(office_people.inspector)
        assert numbers_on(client) == ["0002/2026", "0001/2026"]
        assert numbers_on(client, cari="depo") == ["0002/2026"]
        assert numbers_on(client, cari="0001/2026") == ["0001/2026"]
        assert numbers_on(client, cari="000.3/2/B.PBJ") == ["0002/2026"]
        assert numbers_on(client, tahun="2026", keadaan="dapat-diusulkan-musnah") == ["0002/2026"]
        assert numbers_on(client, keadaan="menunggu-penyerahan") == ["0001/2026"]
        assert numbers_on(client, keadaan="tidak-ada") == ["0002/2026", "0001/2026"]
        html = html_of(client, reverse("archive"))

    assert "Menunggu penyerahan (1)" in html
    assert "Dapat diusulkan musnah (1)" in html
    assert "Usulkan musnah yang dipilih" not in html


def test_the_register_is_taken_on_paper_and_as_xlsx_and_that_is_on_record(
    client: Client, old_file: AccountRequest, office_people: OfficePeople
) -> None:
    with clock.moved_to(RETENTION_OVER):
        client.force_login(office_people.keeper)
        paper = client.get(reverse("archive_pdf"), {"keadaan": "jatuh-tempo-penilaian"})
        xlsx = client.get(reverse("archive_xlsx"))

    told = words_of(paper.content)
    assert "DAFTAR BERKAS Keadaan jatuh tempo penilaian" in told
    assert "Nasib akhir: musnah; Lokasi: Rak 1, Boks 2" in told
    head, row = rows_of(xlsx.content)
    assert head[:8] == (
        "No",
        "Kode",
        "No. Berkas",
        "Unit Pengolah",
        "Uraian",
        "Kurun Waktu",
        "Jumlah",
        "Keterangan",
    )
    assert (row[2], row[13:]) == (
        old_file.archive_number,
        ("Musnah", "Rak 1, Boks 2", "Jatuh tempo penilaian"),
    )
    assert taken() == [
        "Daftar 1 berkas diambil sebagai PDF.",
        "Daftar 1 berkas diambil sebagai XLSX.",
    ]


# -- one file -------------------------------------------------------------------------------------


def test_a_file_lists_its_items_and_names_nobody_to_who_may_not_read_people(
    client: Client, old_file: AccountRequest, office_people: OfficePeople
) -> None:
    client.force_login(office_people.inspector)
    page = client.get(url("archive_file", old_file))
    xlsx = rows_of(client.get(url("archive_contents_xlsx", old_file)).content)
    paper = words_of(client.get(url("archive_contents_pdf", old_file)).content)
    client.force_login(office_people.keeper)
    keeper = html_of(client, url("archive_file", old_file))

    # In the order, and so under the numbers, of the archived file's own list.
    assert [item.document.kind for item in page.context["items"]] == [
        "control_sheet",
        "decree",
        "form",
        "form",
        "order",
        "account_sheet",
        "mail_proof",
    ]
    hashes = [item.document.sha256 for item in page.context["items"]]
    assert [row[12] for row in xlsx[1:]] == hashes
    assert xlsx[1][8:12] == (
        "Terbatas",
        "Aktif 2 tahun, inaktif 3 tahun",
        "Musnah",
        "Rak 1, Boks 2",
    )
    assert "DAFTAR ISI BERKAS Nomor berkas 0001/2026" in paper
    assert "Formulir personel nomor 2" in keeper
    assert "/dokumen/" not in keeper
    assert "Ubah data kearsipan" not in keeper
    assert taken() == [
        "Daftar isi berkas 0001/2026 diambil sebagai XLSX.",
        "Daftar isi berkas 0001/2026 diambil sebagai PDF.",
    ]


def test_a_case_that_is_not_archived_has_no_file(
    client: Client, office_people: OfficePeople
) -> None:
    case = cases.emailed(office_people, people=1)
    client.force_login(office_people.admin1)

    assert client.get(url("archive_file", case)).status_code == 404
    assert client.get(url("archive_data", case)).status_code == 404


def test_the_data_of_a_file_are_changed_with_a_reason(
    client: Client, old_file: AccountRequest, office_people: OfficePeople
) -> None:
    client.force_login(office_people.admin2)
    address = url("archive_data", old_file)
    seen = re.findall(r'name="seen" value="([0-9a-f]+)"', html_of(client, address))[0]

    without = client.post(address, typed(old_file, kept_on="kertas", reason="") | {"seen": seen})
    changed = client.post(address, typed(old_file, kept_on="kertas", box="9") | {"seen": seen})
    again = client.post(address, typed(old_file, box="4") | {"seen": seen})

    assert "Tuliskan alasan perubahannya." in without.content.decode()
    assert changed.status_code == 302
    assert "diubah oleh orang lain" in again.content.decode()
    latest = ArchiveDescription.objects.filter(request=old_file).latest("version")
    assert (latest.version, latest.media, latest.box) == (3, "kertas", "9")
    assert "Data kearsipan versi 3 oleh Admin Contoh Dua" in html_of(
        client, url("archive_file", old_file)
    )


def test_only_admin_ppe_changes_and_moves(
    client: Client, old_file: AccountRequest, office_people: OfficePeople
) -> None:
    for user in (office_people.kepala, office_people.biro, office_people.inspector):
        client.force_login(user)
        for name in ("archive_data", "archive_move"):
            assert client.post(url(name, old_file), {}).status_code == 403
        assert client.get(reverse("destruction_propose"), {"b": old_file.pk}).status_code == 403


def test_a_move_is_recorded_where_it_is_due(
    client: Client, old_file: AccountRequest, office_people: OfficePeople
) -> None:
    client.force_login(office_people.admin1)
    given = {
        "kind": ArchiveMove.Kind.TO_INACTIVE,
        "moved_on": "2032-01-05",
        "place": "Depo arsip",
        "received_by": "Arsiparis Contoh",
        "paper_number": "045/1",
    }
    with clock.moved_to(MONDAY):
        early = html_of(client, url("archive_move", old_file))
    with clock.moved_to(RETENTION_OVER):
        moved = client.post(url("archive_move", old_file), given)
        page = html_of(client, url("archive_file", old_file))

    assert "masih aktif sampai dengan 31 Desember 2028" in early
    assert moved.status_code == 302
    assert "<dt>Lokasi</dt><dd>Depo arsip</dd>" in page


# -- usul musnah ----------------------------------------------------------------------------------


def press(client: Client, user: User, address: str, **given: object) -> str:
    """Press as ``user``; where it leads, or the page that is shown again."""
    client.force_login(user)
    response = client.post(address, given)
    if response.status_code == 302:
        return response["Location"]
    return response.content.decode()


def test_files_are_chosen_proposed_approved_and_told_of(
    client: Client, old_file: AccountRequest, office_people: OfficePeople
) -> None:
    propose = reverse("destruction_propose")
    with clock.moved_to(RETENTION_OVER):
        client.force_login(office_people.admin1)
        choose = html_of(client, f"{reverse('archive')}?keadaan=dapat-diusulkan-musnah")
        nothing = client.get(propose)
        without = press(client, office_people.admin1, propose, b=old_file.pk, reason="Sudah lewat")
        address = press(
            client,
            office_people.admin1,
            propose,
            b=old_file.pk,
            reason="Retensi telah berakhir",
            legal_basis="Jadwal Retensi Arsip\nPeraturan ANRI",
        )
        proposer = html_of(client, address)
        client.force_login(office_people.biro)
        waiting = html_of(client, address)
        unnumbered = press(client, office_people.biro, address, verdict="disetujui")
        decided = press(
            client, office_people.biro, address, verdict="disetujui", minutes_number="045/9/2032"
        )
        paper = client.get(f"{address}berita-acara.pdf")
        listed = html_of(client, reverse("destruction_list"))

    assert f'name="b" value="{old_file.pk}"' in choose
    assert nothing.status_code == 409
    assert "Tuliskan dasar hukumnya." in without
    assert address == decided == "/arsip/pemusnahan/UM-2032-0001/"
    assert ("Simpan keputusan" in proposer, "Simpan keputusan" in waiting) == (False, True)
    assert "Isi nomor berita acaranya." in unnumbered
    told = words_of(paper.content)
    assert "ARSIP Nomor 045/9/2032 Pada hari ini, Senin tanggal lima bulan Januari tahun" in told
    assert "1. Jadwal Retensi Arsip 2. Peraturan ANRI" in told
    assert "Bukan tanda tangan elektronik tersertifikasi." in told
    assert "045/9/2032" in listed
    assert taken() == ["Berita acara usul musnah UM-2032-0001 diambil."]
    assert DestructionProposal.objects.get().decision.verdict == "disetujui"


def test_a_refusal_has_no_minutes(
    client: Client, old_file: AccountRequest, office_people: OfficePeople
) -> None:
    with clock.moved_to(RETENTION_OVER):
        proposal = archive_cases.proposed(office_people, old_file)
        address = reverse("destruction", args=[proposal.number])
        press(client, office_people.biro, address, verdict="ditolak", ground="Masih diperiksa")
        paper = client.get(f"{address}berita-acara.pdf")

    assert DestructionDecision.objects.get().ground == "Masih diperiksa"
    assert paper.status_code == 404


def test_too_many_files_for_one_proposal_are_refused() -> None:
    with pytest.raises(InvalidInput, match="paling banyak 200 berkas"):
        archive_rules.check_proposal(201, "Retensi telah berakhir", "Jadwal Retensi Arsip")


@pytest.mark.parametrize("versions", [1, 3])
def test_a_file_costs_the_same_however_often_it_was_described(
    client: Client, old_file: AccountRequest, office_people: OfficePeople, versions: int
) -> None:
    with clock.moved_to(MONDAY):
        for number in range(versions):
            workflow.describe_file(
                old_file,
                actor=office_people.admin1,
                data=archive_cases.data(old_file, box=f"B{number}"),
                reason="Pindah boks",
            )
    client.force_login(office_people.admin1)
    with queries() as counted:
        client.get(url("archive_file", old_file))

    assert len(counted) == FILE_QUERIES, counted
