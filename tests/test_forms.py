"""Forms: shape, the rules' sentences beside their fields, and HTML under the strict policy."""

import dataclasses
import datetime as dt
import re
from typing import Any

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from model_bakery import baker

from accounts_requests import answers, clock
from accounts_requests.answers import Answer
from accounts_requests.decree_data import DecreeData, check, decree_data, items
from accounts_requests.forms.account import AccountForm
from accounts_requests.forms.archive import ArchiveForm
from accounts_requests.forms.attestations import AttestationsForm
from accounts_requests.forms.base import SopForm
from accounts_requests.forms.decree import DecreeForm
from accounts_requests.forms.hand_over import HandOverForm
from accounts_requests.forms.issue import IssueForm
from accounts_requests.forms.order import OrderForm
from accounts_requests.forms.people_upload import PeopleUploadForm
from accounts_requests.forms.person import PersonForm
from accounts_requests.forms.reason import ReasonForm
from accounts_requests.forms.resend import ResendForm
from accounts_requests.forms.scan import ScanForm
from accounts_requests.models import Account, AccountRequest, Registrant, SopRequirement, SopStep
from accounts_requests.registrants import person_data
from accounts_requests.spreadsheets import people_template
from accounts_requests.states import AccountState
from tests.test_registrants import GOOD
from tests.upload_samples import image_bytes, pdf_bytes

from . import offices

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 12, 4, 0, tzinfo=dt.UTC)  # 12.00 WITA
TODAY = dt.date(2026, 3, 12)

TYPED_PERSON = {
    "account_kind": "verifikator",
    "request_kind": "new",
    "full_name": "Buyung Contoh",
    "title_after": "S.T., M.M.",
    "employment": "pns",
    "nip": "19720528 200502 1 001",
    "rank": "Pembina Tingkat I",
    "grade": "IV/b",
    "position": "Pengelola Pengadaan",
    "work_unit": "Biro Pengadaan Barang dan Jasa",
    "email": "buyung@contoh.go.id",
    "mobile": "0812 3456 7890",
    "office_address": "Jalan Gajah Mada 2, Samarinda",
    "proposed_user_id": "buyung.contoh",
    "valid_until": "2026-12-31",
    "statement_date": "2026-03-12",
}
TYPED_DECREE = {
    "subject": "Akun Verifikator LPSE",
    "received_at": "2026-03-09T10:00",
    "considerations": "a. bahwa perlu akun;\n\n b) bahwa perlu SK;",
    "legal_bases": "1. Undang-Undang Nomor 1 Tahun 2023",
    "signing_method": "in_app",
    "valid_from": "2026-03-12",
    "valid_until": "2026-12-31",
}
DECREE = DecreeData(
    subject="Akun Verifikator LPSE",
    received_at=dt.datetime(2026, 3, 9, 2, 0, tzinfo=dt.UTC),
    considerations="bahwa perlu akun;\nbahwa perlu SK;",
    legal_bases="Undang-Undang Nomor 1 Tahun 2023",
    signing_method="in_app",
    valid_from=dt.date(2026, 3, 12),
    valid_until=dt.date(2026, 12, 31),
)


@pytest.fixture
def case() -> AccountRequest:
    request: AccountRequest = baker.make(
        AccountRequest,
        sop_revision=offices.a_revision(),
        received_at=DECREE.received_at,
        created_at=DECREE.received_at,
        subject=DECREE.subject,
        considerations=DECREE.considerations,
        legal_bases=DECREE.legal_bases,
        signing_method="in_app",
        valid_from=DECREE.valid_from,
        valid_until=DECREE.valid_until,
    )
    return request


def add_person(case: AccountRequest, position: int = 1, **changes: Any) -> Registrant:
    values = dataclasses.asdict(dataclasses.replace(GOOD, **changes))
    return Registrant.objects.create(request=case, position_in_list=position, **values)


def add_account(case: AccountRequest) -> Account:
    account: Account = baker.make(Account, registrant=add_person(case))
    return account


def person_form(case: AccountRequest, data: dict[str, Any] | None, **options: Any) -> PersonForm:
    options = {"office": offices.office(), "today": TODAY, **options}
    return PersonForm(data, request=case, **options)


def requirements() -> list[SopRequirement]:
    step = baker.make(SopStep, revision=offices.a_revision())
    return [
        baker.make(SopRequirement, step=step, position=1, text="Data sesuai Formulir"),
        baker.make(SopRequirement, step=step, position=2, text="Sesuai panduan"),
    ]


def file(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


# --- HTML ---------------------------------------------------------------------------------------


def every_form(case: AccountRequest) -> dict[str, SopForm]:
    account = add_account(case)
    case.signing_method = "ink"
    return {
        "person": person_form(case, None, office=offices.office(collects_nik=True)),
        "person again": person_form(case, None, registrant=account.registrant),
        "decree": DecreeForm(request=case),
        "people upload": PeopleUploadForm(),
        "scan": ScanForm(request=case),
        "issue": IssueForm(request=case),
        "order": OrderForm(),
        "reason": ReasonForm(label="Alasan pembatalan"),
        "attestations": AttestationsForm(requirements=requirements()),
        "archive": ArchiveForm(requirements=requirements()),
        "account": AccountForm(account=account, office=offices.office()),
        "resend": ResendForm(account=account),
        "hand over": HandOverForm(),
    }


def test_every_form_renders_its_fields_inside_the_pages_own_form(case: AccountRequest) -> None:
    for name, form in every_form(case).items():
        html = render_crispy_form(form)
        rendered = {match[1] for match in re.finditer(r' name="([^"]+)"', html)}
        assert rendered == set(form.fields), name
        assert "<form" not in html, name
        assert "csrfmiddlewaretoken" not in html, name
        assert "<script" not in html, name
        assert not re.search(r"\s(style|on\w+)=", html), name


def test_every_field_has_a_label_and_no_field_offers_the_typists_own_data(
    case: AccountRequest,
) -> None:
    for form_name, form in every_form(case).items():
        for name, field in form.fields.items():
            assert field.label, f"{form_name}.{name}"
            if isinstance(field.widget, forms.TextInput | forms.Textarea | forms.Select):
                plain = not isinstance(field.widget, forms.RadioSelect)
                found = field.widget.attrs.get("autocomplete")
                assert found == ("off" if plain else None), f"{form_name}.{name}"


def test_dates_are_the_browsers_own_and_shown_as_it_expects(case: AccountRequest) -> None:
    html = render_crispy_form(DecreeForm(request=case))
    assert re.search(r'<input type="date" name="valid_until" value="2026-12-31"', html)
    # 02.00 UTC is 10.00 WITA.
    assert re.search(
        r'<input type="datetime-local" name="received_at" value="2026-03-09T10:00"', html
    )


# --- A person -----------------------------------------------------------------------------------


def test_a_person_typed_in_full_is_taken_in_order(case: AccountRequest) -> None:
    form = person_form(case, TYPED_PERSON)
    assert form.errors == {}
    assert form.warnings == {}
    assert form.person() == GOOD


def test_the_rules_speak_beside_the_field_and_once(case: AccountRequest) -> None:
    form = person_form(
        case, {**TYPED_PERSON, "nip": "123", "email": "bukan alamat", "position": ""}
    )
    assert form.errors == {
        "nip": ["NIP harus terdiri atas 18 digit; yang diisikan 3 digit."],
        "email": [
            ("E-mail “bukan alamat” bukan alamat yang lengkap. Tuliskan seperti "
            "nama@instansi.go.id.")
        ],
        "position": ["Jabatan wajib diisi."],
    }  # fmt: skip


def test_warnings_are_shown_and_do_not_block(case: AccountRequest) -> None:
    form = person_form(case, {**TYPED_PERSON, "email": "lpse@contoh.go.id"})
    assert form.is_valid()
    assert list(form.warnings) == ["email"]
    html = render_crispy_form(form)
    assert "<strong>Perhatian:</strong> E-mail lpse@contoh.go.id tampaknya kotak surat" in html


def test_what_was_typed_is_never_markup(case: AccountRequest) -> None:
    form = person_form(case, {**TYPED_PERSON, "rank": "<script>alert(1)</script>"})
    assert form.is_valid()
    assert list(form.warnings) == ["rank"]
    assert "<script" not in render_crispy_form(form)


def test_the_others_of_the_case_are_minded(case: AccountRequest) -> None:
    mine = add_person(case)
    form = person_form(case, TYPED_PERSON)
    assert list(form.errors) == ["nip", "proposed_user_id"]
    assert form.errors["proposed_user_id"] == [
        "Usulan user id “buyung.contoh” dipakai pula pada nomor urut 1. Usulkan user id yang lain."
    ]
    assert person_form(case, TYPED_PERSON, registrant=mine).is_valid()


def test_the_decrees_own_end_is_minded(case: AccountRequest) -> None:
    form = person_form(case, {**TYPED_PERSON, "valid_until": "01/01/2027"})
    assert list(form.errors) == ["valid_until"]


def test_an_edited_person_is_shown_with_standing_warnings(case: AccountRequest) -> None:
    stored = add_person(case, email="lpse@contoh.go.id")
    form = person_form(case, None, registrant=stored)
    assert form.initial["full_name"] == "Buyung Contoh"
    assert list(form.warnings) == ["email"]


def test_a_stored_nik_is_never_shown_and_stays_when_left_empty(case: AccountRequest) -> None:
    stored = add_person(case, nik="gAAAA-tersandi")
    collecting = offices.office(collects_nik=True)
    form = person_form(case, None, registrant=stored, office=collecting)
    html = render_crispy_form(form)
    assert "tersandi" not in html.replace("disimpan tersandi", "")
    assert "Sudah tersimpan. Kosongkan bila tidak diubah." in html
    assert "nik" not in person_form(case, None, registrant=stored).fields
    again = person_form(case, {**TYPED_PERSON, "nik": ""}, registrant=stored, office=collecting)
    assert again.is_valid()
    assert again.person().nik == ""


def test_a_kind_or_grade_no_longer_offered_can_still_be_read(case: AccountRequest) -> None:
    stored = add_person(case, account_kind="auditor", grade="IV/z")
    form = person_form(case, None, registrant=stored)
    html = render_crispy_form(form)
    assert '<option value="auditor" selected>' in html
    assert '<option value="IV/z" selected>' in html
    assert '<option value="auditor"' not in render_crispy_form(person_form(case, None))


def test_a_person_costs_the_same_queries_in_a_small_case_and_a_large_one(
    case: AccountRequest, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):
        person_form(case, TYPED_PERSON).is_valid()
    for number in range(1, 4):
        add_person(
            case,
            number,
            nip=f"197205282005021{number:03}",
            email=f"p{number}@contoh.go.id",
            proposed_user_id=f"personel{number}",
        )
    with django_assert_num_queries(3):
        person_form(case, TYPED_PERSON).is_valid()


# --- The decree ---------------------------------------------------------------------------------


def test_a_decree_is_taken_without_typed_numbering() -> None:
    with clock.moved_to(NOON):
        form = DecreeForm(TYPED_DECREE)
        assert form.errors == {}
        assert form.decree() == DECREE


def test_a_stored_decree_fills_its_form_and_comes_back_unchanged(case: AccountRequest) -> None:
    assert decree_data(case) == DECREE
    with clock.moved_to(NOON):
        form = DecreeForm(TYPED_DECREE, request=case)
        assert form.is_valid()
        assert form.decree() == decree_data(case)


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"subject": " "}, {"subject": ["Tentang wajib diisi."]}),
        ({"considerations": "1. "}, {"considerations": ["Menimbang wajib diisi."]}),
        ({"received_at": ""}, {"received_at": ["Berkas diterima wajib diisi."]}),
        (
            {"received_at": "2026-03-12T12:01"},
            {
                "received_at": [
                    ("Berkas diterima Kamis, 12 Maret 2026, 12.01 WITA belum terjadi. Isikan waktu "
                    "berkas benar-benar diterima.")
                ]
            },
        ),
        (
            {"valid_until": "2026-03-12"},
            {
                "valid_until": [
                    ("Berlaku sampai dengan 12 Maret 2026 harus sesudah tanggal mulai berlakunya, "
                    "12 Maret 2026. Perbaiki salah satunya.")
                ]
            },
        ),
        (
            {"valid_from": "", "valid_until": "2026-03-11"},
            {
                "valid_until": [
                    ("Berlaku sampai dengan 11 Maret 2026 sudah lewat. Isikan tanggal yang akan "
                    "datang, atau kosongkan bila SK tidak berbatas waktu.")
                ]
            },
        ),
        (
            {"decree_date": "13-03-2026"},
            {
                "decree_date": [
                    "Tanggal SK 13 Maret 2026 belum tiba. Isikan tanggal yang tertulis pada SK."
                ]
            },
        ),
        (
            {"decree_date": "2026-03-08"},
            {
                "decree_date": [
                    ("Tanggal SK 8 Maret 2026 mendahului penerimaan berkas pada 9 Maret 2026. "
                    "Perbaiki tanggal SK atau waktu berkas diterima.")
                ]
            },
        ),
    ],
)  # fmt: skip
def test_a_decree_that_breaks_a_rule_is_told_where(
    changes: dict[str, str], errors: dict[str, list[str]]
) -> None:
    with clock.moved_to(NOON):
        assert DecreeForm({**TYPED_DECREE, **changes}).errors == errors


def test_the_decrees_rules_hold_without_a_form() -> None:
    unknown = dataclasses.replace(DECREE, signing_method="stempel", decree_number="x" * 81)
    assert check(unknown, today=TODAY, now=NOON) == {
        "decree_number": [
            "Nomor SK paling panjang 80 karakter; yang diisikan 81. Persingkat isian ini."
        ],
        "signing_method": ["Cara penandatanganan tidak dikenal. Pilih salah satu yang tersedia."],
    }  # fmt: skip


def test_items_lose_only_numbering_that_stands_alone() -> None:
    assert items("1. Satu\n(b) dua\n- tiga\n\nB.PBJ empat\n12 lima") == [
        "Satu",
        "dua",
        "tiga",
        "B.PBJ empat",
        "12 lima",
    ]


# --- Files --------------------------------------------------------------------------------------


def test_a_list_of_people_is_taken_as_a_workbook() -> None:
    data = people_template.build(offices.office())
    form = PeopleUploadForm({}, {"file": file("personel.xlsx", data)})
    assert form.is_valid()
    assert (form.upload().file_name, form.upload().data) == ("personel.xlsx", data)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Berkas p.xlsx kosong (0 byte). Periksa berkasnya, lalu unggah kembali."),
        (
            b"nama;nip",
            (
                "Berkas p.xlsx bukan buku kerja Excel (.xlsx), walaupun namanya mungkin demikian. "
                "Simpan daftar personel sebagai .xlsx, lalu unggah kembali."
            ),
        ),
    ],
)
def test_another_file_is_refused_beside_its_field(data: bytes, sentence: str) -> None:
    assert PeopleUploadForm({}, {"file": file("p.xlsx", data)}).errors == {"file": [sentence]}


def test_a_missing_file_is_asked_for() -> None:
    assert PeopleUploadForm({}, {}).errors == {
        "file": ["Pilih berkas daftar personel terlebih dahulu."]
    }


def test_a_scan_belongs_to_the_case_or_to_one_of_its_people(case: AccountRequest) -> None:
    person = add_person(case)
    stranger = add_person(
        baker.make(
            AccountRequest,
            sop_revision=offices.a_revision(),
            received_at=NOON,
            created_at=NOON,
        )
    )
    scan = {"file": file("f.pdf", pdf_bytes())}
    form = ScanForm({"title": "Formulir", "person": person.pk}, scan, request=case)
    assert form.is_valid()
    assert form.registrant() == person
    whole = ScanForm({"title": "Nota"}, {"file": file("f.png", image_bytes("PNG"))}, request=case)
    assert whole.is_valid()
    assert whole.registrant() is None
    assert whole.upload().data == image_bytes("PNG")
    foreign = ScanForm({"title": "Nota", "person": stranger.pk}, scan, request=case)
    assert list(foreign.errors) == ["person"]


@pytest.mark.parametrize(
    ("method", "data", "errors"),
    [
        ("in_app", None, {}),
        ("ink", None, {"signed_file": ["Unggah SK yang telah ditandatangani."]}),
        ("ink", image_bytes("JPEG"), {}),
        ("certified", pdf_bytes(), {}),
        (
            "certified",
            image_bytes("JPEG"),
            {
                "signed_file": [
                    ("Berkas sk.pdf bukan PDF, walaupun namanya mungkin demikian. Simpan "
                    "dokumennya sebagai PDF, lalu unggah kembali.")
                ]
            },
        ),
    ],
)  # fmt: skip
def test_a_decree_signed_outside_needs_its_file(
    case: AccountRequest, method: str, data: bytes | None, errors: dict[str, list[str]]
) -> None:
    case.signing_method = method
    files = {} if data is None else {"signed_file": file("sk.pdf", data)}
    typed = {"number": "000.3/12", "date": "2026-03-12", "password": "rahasia"}
    form = IssueForm(typed, files, request=case, today=TODAY)
    assert form.errors == errors
    if not errors:
        upload = form.upload()
        assert (upload and upload.data) == data


def test_a_decree_is_not_issued_of_tomorrow(case: AccountRequest) -> None:
    typed = {"number": "1", "date": "2026-03-13", "password": "rahasia"}
    form = IssueForm(typed, request=case, today=TODAY)
    assert form.errors == {
        "date": ["Tanggal SK 13 Maret 2026 belum tiba. Isikan tanggal yang tertulis pada SK."]
    }


# --- Small forms --------------------------------------------------------------------------------


def test_an_order_needs_neither_number_nor_note() -> None:
    assert OrderForm({}).is_valid()


def test_a_reason_must_be_long_enough_to_be_one() -> None:
    assert ReasonForm({"reason": ""}, label="Alasan pembatalan").errors == {
        "reason": ["Alasan pembatalan wajib diisi."]
    }
    assert ReasonForm({"reason": "salah"}).errors == {
        "reason": [
            "Alasan terlalu singkat. Tuliskan sedikitnya 10 karakter agar dapat dipahami kemudian."
        ]
    }
    form = ReasonForm({"reason": " Permohonan ganda. "})
    assert form.is_valid()
    assert form.reason() == "Permohonan ganda."


def test_each_kelengkapan_is_answered_and_a_no_is_explained() -> None:
    first, second = requirements()
    one, two = answers.answer_field(first.pk), answers.answer_field(second.pk)
    why = answers.explanation_field(second.pk)
    assert AttestationsForm({one: "ya"}, requirements=[first, second]).errors == {
        two: ["Jawab kelengkapan ini: terpenuhi atau tidak terpenuhi."]
    }
    assert AttestationsForm({one: "ya", two: "tidak"}, requirements=[first, second]).errors == {
        why: ["Jelaskan mengapa kelengkapan ini tidak terpenuhi."]
    }
    form = AttestationsForm(
        {
            one: "ya",
            answers.explanation_field(first.pk): "tidak perlu",
            two: "tidak",
            why: "Panduan belum terbit.",
        },
        requirements=[first, second],
    )
    assert form.is_valid()
    assert form.answers() == {
        first.pk: Answer(met=True),
        second.pk: Answer(met=False, explanation="Panduan belum terbit."),
    }


def test_no_answer_stands_ready_before_it_is_given() -> None:
    html = render_crispy_form(AttestationsForm(requirements=requirements()))
    assert html.count('type="radio"') == 4
    assert "checked" not in html


def test_the_archive_asks_where_the_paper_is() -> None:
    (only,) = requirements()[:1]
    form = ArchiveForm(
        {answers.answer_field(only.pk): "ya", "location": "Rak 3"}, requirements=[only]
    )
    assert form.is_valid()
    assert form.location() == "Rak 3"
    assert form.answers() == {only.pk: Answer(met=True)}


def test_an_account_is_proposed_as_on_its_formulir(case: AccountRequest) -> None:
    form = AccountForm(account=add_account(case), office=offices.office())
    assert form.initial == {
        "outcome": AccountState.CREATED,
        "user_id": "buyung.contoh",
        "registered_email": "buyung@contoh.go.id",
        "matches_form": False,
        "difference": "",
        "reason": "",
    }


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        (
            {"outcome": "created", "user_id": "buyung.c", "registered_email": "b@contoh.go.id"},
            {},
        ),
        (
            {"outcome": "created"},
            {"user_id": ["User id wajib diisi."], "registered_email": ["E-mail wajib diisi."]},
        ),
        ({"outcome": "refused"}, {"reason": ["Alasan wajib diisi. Tuliskan apa yang terjadi."]}),
        ({"outcome": "postponed", "reason": "NIP tidak ditemukan di SPSE"}, {}),
        ({}, {"outcome": ["Bidang ini tidak boleh kosong."]}),
    ],
)
def test_an_outcome_brings_what_belongs_to_it(
    case: AccountRequest, data: dict[str, str], errors: dict[str, list[str]]
) -> None:
    form = AccountForm(data, account=add_account(case), office=offices.office())
    assert form.errors == errors
    assert form.chosen() == data.get("outcome", "")


def test_sending_again_needs_the_new_password_in_spse_first(case: AccountRequest) -> None:
    account = add_account(case)
    data = {"address": "b@contoh.go.id", "reason": "Kotak surat penuh.", "had_signed_in": "tidak"}
    assert ResendForm(data, account=account).errors == {
        "changed_in_spse": [
            "Ganti dahulu password di SPSE dengan password baru, lalu tandai isian ini."
        ]
    }
    form = ResendForm({**data, "changed_in_spse": "on"}, account=account)
    assert form.is_valid()
    assert form.cleaned_data["had_signed_in"] is False


def test_a_hand_over_tells_how_and_may_carry_a_proof() -> None:
    bare = HandOverForm({"note": "Diserahkan langsung kepada yang bersangkutan."}, {})
    assert bare.is_valid()
    assert bare.upload() is None
    proven = HandOverForm(
        {"note": "Diserahkan langsung."}, {"proof": file("bukti.pdf", pdf_bytes())}
    )
    assert proven.is_valid()
    assert proven.upload() is not None


def test_sentences_without_a_field_stand_above_the_form() -> None:
    form = OrderForm({})
    form.add_sentences({"": ["Satu."], "lain": ["Dua."], "note": ["Tiga."]})
    assert form.errors == {"__all__": ["Satu.", "Dua."], "note": ["Tiga."]}


def test_a_stored_person_and_its_form_tell_the_same(case: AccountRequest) -> None:
    stored = add_person(case)
    form = person_form(case, TYPED_PERSON, registrant=stored)
    assert form.is_valid()
    assert form.person() == person_data(stored)
