"""One real case, from receipt to archive, by four people in four browsers, with real mail."""

import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from cryptography.fernet import Fernet, InvalidToken

from tests import cases
from tests.journeys.conftest import Desk, System, wait_for
from tests.smtp_fixtures import MailServer

pytestmark = pytest.mark.browser

NUMBER = "000.3/12/B.PBJ-II/2026"
ORDER_NUMBER = "094/7/B.PBJ-II/2026"
CASE = "/permohonan/P-2026-0001/"
PEOPLE = 12


def people_workbook(template: bytes) -> bytes:
    """The downloaded template, filled with twelve people as an office fills it."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book["Personel"]
    columns = {str(cell.value): position for position, cell in enumerate(sheet[1], start=1)}
    kinds = {"verifikator": "Verifikator", "helpdesk": "Helpdesk", "admin_agency": "Admin Agency"}
    for number in range(1, PEOPLE + 1):
        person = cases.person(number)
        values = {
            "Jenis akun": kinds[person.account_kind],
            "Nama lengkap": person.full_name,
            "Gelar belakang": person.title_after,
            "Status kepegawaian": "PNS",
            "NIP/NI PPPK": person.nip,
            "Pangkat": person.rank,
            "Golongan": person.grade,
            "Jabatan": person.position,
            "Unit kerja": person.work_unit,
            "K/L/PD": person.agency,
            "E-mail": person.email,
            "Nomor ponsel": "0812-3456-789",
            "Alamat kantor": person.office_address,
            "Usulan user id": person.proposed_user_id,
            "Tanggal pernyataan": "06-07-2026",
        }
        for title, value in values.items():
            sheet.cell(row=number + 2, column=columns[title], value=value)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def text_of(pdf: bytes, tmp_path: Path) -> str:
    """The text of a PDF in reading order, its white space folded."""
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(
        ["/usr/bin/pdftotext", str(file), "-"], check=True, capture_output=True, text=True
    )
    return re.sub(r"\s+", " ", done.stdout)


def prepare_the_case(drafter: Desk, tmp_path: Path) -> None:
    """The Penyusun Konsep opens a case, takes twelve people from a sheet and asks for paraf."""
    drafter.go("/permohonan/baru/")
    drafter.press("Simpan dan isi personel")
    workbook = tmp_path / "personel.xlsx"
    workbook.write_bytes(people_workbook(drafter.fetch("/permohonan/templat-personel.xlsx")))
    drafter.go(f"{CASE}personel/unggah/")
    drafter.page.set_input_files("[name=file]", str(workbook))
    drafter.press("Unggah dan periksa")
    drafter.press("Ambil 12 personel")
    drafter.go(f"{CASE}ajukan-paraf/")
    drafter.press("Ajukan paraf")
    drafter.wait_for_papers("form", PEOPLE)


def issue_and_order(head: Desk) -> None:
    """Kepala LPSE issues the SK and orders Admin PPE."""
    head.go(f"{CASE}terbitkan/")
    head.page.fill("[name=number]", NUMBER)
    head.page.fill("[name=date]", "2026-07-06")
    head.page.fill("[name=password]", cases.PASSWORD)
    head.press("Terbitkan SK")
    head.go(f"{CASE}perintahkan/")
    head.page.fill("[name=order_number]", ORDER_NUMBER)
    head.press("Perintahkan")
    head.wait_for_papers("order", 1)


def create_the_accounts(admin: Desk) -> None:
    """Admin PPE takes the task and creates eleven accounts; the twelfth cannot be created."""
    admin.go(CASE)
    admin.press("Ambil tugas")
    for position in range(1, PEOPLE):
        admin.go(f"{CASE}akun/{position}/")
        admin.page.check("[name=matches_form]")
        admin.page.locator("button[name=outcome][value=created]").click()
        admin.page.wait_for_url(f"**/akun/{position + 1}/")
    admin.page.locator("summary", has_text="Tidak dapat dibuat").click()
    refusal = admin.page.locator("form:has(button[name=outcome][value=refused])")
    refusal.locator("[name=reason]").fill("NIP belum terdaftar di SPSE")
    refusal.locator("button[name=outcome]").click()
    admin.page.wait_for_load_state()


def close_step_3_and_send(admin: Desk) -> None:
    """Each kelengkapan is answered; eleven messages are queued."""
    admin.go(f"{CASE}akun/")
    admin.attest_all()
    admin.press("Selesaikan langkah 3")
    admin.wait_for_papers("account_sheet", 1)
    admin.go(f"{CASE}kirim/")
    admin.attest_all()
    admin.press("Kirim 11 e-mail")


def about_the_case(mail: MailServer) -> list[str]:
    """Who got mail about the case; what the worker writes once a day may come in between."""
    daily = {"Tambatan harian jejak audit", "Penyimpangan menunggu tindakan Bapak/Ibu/Saudara"}
    received = [item for item in mail.received if item.message["Subject"] not in daily]
    return [address for item in received for address in item.recipients]


def passwords_received(mail: MailServer) -> list[str]:
    """The password in each person's message, once its words and addresses are seen to be right."""
    people = {f"personel{number:03d}@contoh.example" for number in range(1, PEOPLE)}
    notices = {"admin1@kantor.example", "admin2@kantor.example", "kepala@kantor.example"}
    wait_for(lambda: len(about_the_case(mail)) == len(people | notices), "every message")
    assert sorted(about_the_case(mail)) == sorted(people | notices)
    passwords = []
    for number in range(1, PEOPLE):
        (received,) = mail.received_by(f"personel{number:03d}@contoh.example")
        text, html = received.body("plain"), received.body("html")
        (password,) = re.findall(r"\b(?:[A-Za-z0-9]{4}-){5}[A-Za-z0-9]{4}\b", text)
        wanted = [f"personel.{number:03d}", password, "https://spse.example/"]
        assert [words for words in wanted if words not in text or words not in html] == []
        passwords.append(password)
    assert len(set(passwords)) == PEOPLE - 1
    (completion,) = mail.received_by("kepala@kantor.example")
    assert [password for password in passwords if password.encode() in completion.data] == []
    return passwords


def archive(admin: Desk) -> None:
    """Admin PPE archives; the worker renders the control sheet and the archive file."""
    admin.wait_for_papers("mail_proof", 1)
    admin.go(f"{CASE}arsipkan/")
    admin.attest_all()
    admin.page.fill("[name=location]", "Rak 2, Boks 7")
    admin.press("Arsipkan")
    admin.wait_for_papers("archive_file", 1)


def check_papers(reader: Desk, tmp_path: Path) -> str:
    """The papers carry the right names and numbers; returns the text of those of all people."""

    def text(kind: str, index: int = 0) -> str:
        return text_of(reader.fetch(reader.system.papers(kind)[index]), tmp_path)

    decree = text("decree")
    assert decree.count(f"NOMOR {NUMBER}") == 1
    assert decree.count(f"NOMOR : {NUMBER}") == 1  # the Lampiran's head
    names = [f"Contoh Personel {number:03d}" for number in range(1, PEOPLE + 1)]
    assert [decree.count(name) for name in names] == [1] * PEOPLE
    assert text("order").count(ORDER_NUMBER) == 1
    for index, name in enumerate(names):
        form = text("form", index)
        assert form.count(f"personel{index + 1:03d}@contoh.example") == 1
        assert name in form
    whole = text("archive_file")
    assert [name for name in [*names, NUMBER, ORDER_NUMBER, "0001/2026"] if name not in whole] == []
    return "".join([whole, decree, *map(text, ("order", "account_sheet", "mail_proof"))])


def openable(system: System, ciphertexts: list[bytes]) -> int:
    """How many of the ciphertexts any key on this installation opens now."""
    own_key = Fernet((system.data_dir / "encryption-key").read_bytes().strip())
    wrapped = [file.read_bytes() for file in (system.data_dir / "credential-keys").glob("*")]
    keys = [own_key, *(Fernet(own_key.decrypt(content)) for content in wrapped)]
    return sum(any(opens(key, ciphertext) for key in keys) for ciphertext in ciphertexts)


def opens(key: Fernet, ciphertext: bytes) -> bool:
    """Does this key open it?"""
    try:
        key.decrypt(ciphertext)
    except InvalidToken:
        return False
    return True


def check_that_no_password_is_left(system: System, passwords: list[str]) -> None:
    """None stands anywhere: not in the database, not in a file, not as a mail on the disk."""
    stored = system.everything_stored()
    assert [password for password in passwords if password.encode() in stored] == []
    assert list((system.data_dir / "credential-keys").glob("*")) == []
    assert not (system.data_dir / "mail").exists()


def test_a_case_goes_from_receipt_to_archive(
    system: System, desk: Callable[[str], Desk], tmp_path: Path
) -> None:
    prepare_the_case(desk("penyusun"), tmp_path)
    head, admin = desk("kepala"), desk("admin1")
    issue_and_order(head)
    create_the_accounts(admin)
    copied = [
        bytes(row[0])
        for row in system.query(
            "SELECT ciphertext FROM accounts_requests_credential WHERE destroyed_at IS NULL"
        )
    ]
    # A copy of the database opens as long as the keys beside it exist, and never again.
    assert (len(copied), openable(system, copied)) == (PEOPLE, PEOPLE)
    close_step_3_and_send(admin)
    passwords = passwords_received(system.mail)
    archive(admin)
    assert system.query("SELECT state FROM accounts_requests_accountrequest") == [("archived",)]
    whole = check_papers(head, tmp_path)
    assert [password for password in passwords if password in whole] == []
    check_that_no_password_is_left(system, passwords)
    assert openable(system, copied) == 0
