"""The rules of the Formulir: what refuses, what only warns, and how it is said."""

import dataclasses
import datetime as dt
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_bakery import baker

from accounts_requests import grades
from accounts_requests.models import AccountRequest, Office, Registrant
from accounts_requests.office_rules import check_user_id_pattern
from accounts_requests.registrants import (
    FIELD_TITLES,
    MAX_PEOPLE,
    Findings,
    PersonData,
    check_batch,
    check_email,
    check_person,
    check_user_id,
    normalise,
    person_data,
    propose_user_id,
    user_ids_in_use,
)
from accounts_requests.user_ids import is_rule

from . import offices

TODAY = dt.date(2026, 3, 12)
DECREE_END = dt.date(2026, 12, 31)

GOOD = PersonData(
    account_kind="verifikator",
    full_name="Buyung Contoh",
    title_after="S.T., M.M.",
    employment="pns",
    nip="197205282005021001",
    rank="Pembina Tingkat I",
    grade="IV/b",
    position="Pengelola Pengadaan",
    work_unit="Biro Pengadaan Barang dan Jasa",
    email="buyung@contoh.go.id",
    mobile="+6281234567890",
    office_address="Jalan Gajah Mada 2, Samarinda",
    proposed_user_id="buyung.contoh",
    valid_until=dt.date(2026, 12, 31),
    statement_date=TODAY,
)


def office(**settings: Any) -> Office:
    return offices.office(**settings)


def findings(**changes: Any) -> Findings:
    return check_person(
        dataclasses.replace(GOOD, **changes),
        office=office(),
        decree_valid_until=DECREE_END,
        today=TODAY,
    )


def batch(*people: PersonData, **options: Any) -> list[Findings]:
    return check_batch(
        people, office=office(), decree_valid_until=DECREE_END, today=TODAY, **options
    )


def other(**changes: Any) -> PersonData:
    """Another person than GOOD, who clashes with nobody."""
    values: dict[str, Any] = {
        "full_name": "Siti Contoh",
        "nip": "198501012010012002",
        "email": "siti@contoh.go.id",
        "proposed_user_id": "siti.contoh",
        **changes,
    }
    return dataclasses.replace(GOOD, **values)


def test_a_complete_formulir_has_nothing_against_it() -> None:
    assert findings() == Findings({}, {})


def test_an_empty_formulir_names_every_required_field_once() -> None:
    empty = check_person(PersonData(), office=office(), decree_valid_until=DECREE_END, today=TODAY)
    assert empty.warnings == {}
    assert empty.errors == {
        "full_name": ["Nama lengkap wajib diisi."],
        "position": ["Jabatan wajib diisi."],
        "work_unit": ["Unit kerja wajib diisi."],
        "mobile": ["Nomor ponsel wajib diisi."],
        "office_address": ["Alamat kantor wajib diisi."],
        "statement_date": ["Tanggal pernyataan wajib diisi."],
        "account_kind": ["Jenis akun wajib diisi."],
        "employment": ["Status kepegawaian wajib diisi."],
        "email": ["E-mail wajib diisi."],
        "proposed_user_id": ["Usulan user id wajib diisi. Misalnya pengguna."],
    }


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        (
            {"account_kind": "auditor"},
            {
                "account_kind": [
                    (
                        "Jenis akun “Auditor/Pemeriksa” tidak dilayani. "
                        "Pilih salah satu: Verifikator, Helpdesk, Admin Agency."
                    )
                ]
            },
        ),
        (
            {"account_kind": "admin_agency"},
            {
                "agency": [
                    "K/L/PD wajib diisi untuk Admin Agency. Isikan nama instansi yang diwakili."
                ]
            },
        ),
        ({"nip": ""}, {"nip": ["NIP wajib diisi untuk PNS: 18 digit."]}),
        (
            {"employment": "pppk", "nip": "", "grade": "IX", "rank": ""},
            {"nip": ["NI PPPK wajib diisi untuk PPPK: 18 digit."]},
        ),
        (
            {"nip": "1972"},
            {"nip": ["NIP harus terdiri atas 18 digit; yang diisikan 4 digit."]},
        ),
        (
            {"employment": "non_asn", "grade": "", "rank": ""},
            {
                "nip": [
                    (
                        "NIP/NI PPPK hanya untuk ASN. Kosongkan isian ini, atau perbaiki status "
                        "kepegawaian."
                    )
                ]
            },
        ),
        (
            {"employment": "non_asn", "nip": ""},
            {
                "grade": [
                    (
                        "Golongan hanya untuk ASN. Kosongkan isian ini, atau perbaiki status "
                        "kepegawaian."
                    )
                ]
            },
        ),
        (
            {"grade": "V"},
            {"grade": ["Golongan “V” tidak dikenal untuk PNS. Isikan I/a sampai dengan IV/e."]},
        ),
        (
            {"nik": "6472012805720001"},
            {
                "nik": [
                    (
                        "NIK tidak dikumpulkan oleh kantor ini (UU 27/2022: tidak lebih dari yang "
                        "diperlukan). Kosongkan isian ini."
                    )
                ]
            },
        ),
        (
            {"email": "buyung"},
            {
                "email": [
                    (
                        "E-mail “buyung” bukan alamat yang lengkap. Tuliskan seperti "
                        "nama@instansi.go.id."
                    )
                ]
            },
        ),
        (
            {"mobile": "0541 733333"},
            {"mobile": ["Nomor ponsel harus diawali 08 atau +628 dan hanya berisi angka."]},
        ),
        (
            {"proposed_user_id": "Buyung C"},
            {
                "proposed_user_id": [
                    (
                        "Usulan user id “Buyung C” tidak sesuai aturan: gunakan 4 sampai dengan 30 "
                        "karakter dari huruf kecil, angka, titik, dan garis bawah."
                    )
                ]
            },
        ),
        (
            {"valid_until": dt.date(2026, 3, 11)},
            {
                "valid_until": [
                    (
                        "Berlaku sampai dengan 11 Maret 2026 sudah lewat. Isikan tanggal yang akan "
                        "datang, atau kosongkan untuk mengikuti masa berlaku SK."
                    )
                ]
            },
        ),
        (
            {"valid_until": dt.date(2027, 1, 1)},
            {
                "valid_until": [
                    (
                        "Berlaku sampai dengan 1 Januari 2027 melewati masa berlaku SK, yaitu "
                        "31 Desember 2026. Isikan tanggal yang tidak melewatinya, atau kosongkan "
                        "untuk mengikuti masa berlaku SK."
                    )
                ]
            },
        ),
        (
            {"statement_date": dt.date(2026, 3, 13)},
            {
                "statement_date": [
                    (
                        "Tanggal pernyataan 13 Maret 2026 belum tiba. Isikan tanggal pernyataan "
                        "itu ditandatangani."
                    )
                ]
            },
        ),
        (
            {"position": "x" * 151},
            {
                "position": [
                    "Jabatan paling panjang 150 karakter; yang diisikan 151. Persingkat isian ini."
                ]
            },
        ),
        (
            {"full_name": "123"},
            {"full_name": ["Nama lengkap harus memuat huruf. Periksa kembali isian ini."]},
        ),
        (
            {"employment": "honorer", "grade": ""},
            {
                "employment": [
                    (
                        "Status kepegawaian “honorer” tidak dikenal. Pilih salah satu: PNS, CPNS, "
                        "PPPK, Non-ASN."
                    )
                ]
            },
        ),
    ],
)
def test_what_breaks_a_rule_is_refused_with_its_remedy(
    changes: dict[str, Any], errors: dict[str, list[str]]
) -> None:
    found = findings(**changes)
    assert found.errors == errors
    assert found.warnings == {}


@pytest.mark.parametrize(
    ("changes", "warnings"),
    [
        (
            {"request_kind": "renew"},
            {
                "request_kind": [
                    (
                        "Jenis permohonan “Perpanjangan (di luar SOP ini)”: SOP ini hanya mengatur "
                        "pembuatan akun baru. Formulir dan daftar akan menandainya demikian."
                    )
                ]
            },
        ),
        (
            {"email": "lpse@contoh.go.id"},
            {
                "email": [
                    (
                        "E-mail lpse@contoh.go.id tampaknya kotak surat bersama. Password dikirim "
                        "ke alamat ini: gunakan alamat milik personel sendiri."
                    )
                ]
            },
        ),
        (
            {"full_name": "Buyung Contoh, S.T."},
            {
                "full_name": [
                    (
                        "Nama lengkap memuat koma atau angka. Tuliskan gelar pada isian gelar "
                        "depan dan gelar belakang, terpisah dari nama."
                    )
                ]
            },
        ),
        (
            {"grade": ""},
            {
                "grade": [
                    "Golongan belum diisi, padahal PNS mempunyainya. Lampiran SK mencetak “—”."
                ]
            },
        ),
        (
            {"rank": "Penata"},
            {
                "rank": [
                    (
                        "Pangkat “Penata” bukan pangkat golongan IV/b, yaitu Pembina Tingkat I. "
                        "Periksa kembali keduanya."
                    )
                ]
            },
        ),
        (
            {
                "employment": "pppk",
                "nip": "199003152022121003",
                "grade": "IX",
                "rank": "",
            },
            {
                "nip": [
                    (
                        "Digit ke-13 dan ke-14 NI PPPK tertulis 12; biasanya 21. "
                        "Periksa kembali nomor ini."
                    )
                ]
            },
        ),
    ],
)
def test_what_is_odd_is_said_but_does_not_stand_in_the_way(
    changes: dict[str, Any], warnings: dict[str, list[str]]
) -> None:
    found = findings(**changes)
    assert found.errors == {}
    assert found.warnings == warnings


def test_people_outside_the_civil_service_need_no_number() -> None:
    assert findings(employment="non_asn", nip="", grade="", rank="") == Findings({}, {})


def test_a_nik_is_judged_where_the_office_collects_it() -> None:
    def with_nik(nik: str) -> Findings:
        return check_person(
            dataclasses.replace(GOOD, nik=nik),
            office=office(collects_nik=True),
            decree_valid_until=None,
            today=TODAY,
        )

    assert with_nik("6472012805720001") == Findings({}, {})
    assert with_nik("6472 0128 0572 0001") == Findings({}, {})
    assert with_nik("6472012805720000").errors == {
        "nik": ["Nomor urut NIK (empat digit terakhir) tidak boleh 0000."]
    }
    assert with_nik("6472010101800001").warnings == {
        "nik": ["Tanggal lahir pada NIK berbeda dengan tanggal lahir pada NIP."]
    }


def test_auditors_are_served_where_the_office_switched_them_on() -> None:
    found = check_person(
        dataclasses.replace(GOOD, account_kind="auditor"),
        office=office(account_kinds=["auditor"]),
        decree_valid_until=None,
        today=TODAY,
    )
    assert found == Findings({}, {})


def test_an_open_ended_decree_sets_no_end_to_its_accounts() -> None:
    found = check_person(
        dataclasses.replace(GOOD, valid_until=dt.date(2040, 1, 1)),
        office=office(),
        decree_valid_until=None,
        today=TODAY,
    )
    assert found == Findings({}, {})


def test_the_first_and_the_last_day_count() -> None:
    assert findings(valid_until=TODAY) == Findings({}, {})
    assert findings(valid_until=DECREE_END, statement_date=TODAY) == Findings({}, {})


def test_typing_variants_are_put_in_order() -> None:
    typed = dataclasses.replace(
        GOOD,
        full_name="  Buyung\u00a0 Contoh\u200b ",
        nip="19720528 200502 1 001",
        grade="iv b",
        email="Buyung@Contoh.GO.ID",
        mobile="0812-3456-7890",
    )
    assert normalise(typed) == dataclasses.replace(GOOD, email="Buyung@contoh.go.id")
    contract = dataclasses.replace(GOOD, employment="pppk", grade="9")
    assert normalise(contract).grade == "IX"


@given(
    st.builds(
        PersonData,
        **{
            name: st.text(max_size=40)
            for name in FIELD_TITLES
            if name not in {"valid_until", "statement_date"}
        },
        valid_until=st.none() | st.dates(),
        statement_date=st.none() | st.dates(),
    )
)
def test_any_text_is_judged_without_a_crash_and_normalising_settles(person: PersonData) -> None:
    once = normalise(person)
    assert normalise(once) == once
    check_person(person, office=office(), decree_valid_until=DECREE_END, today=TODAY)


def test_the_list_of_grades_is_the_civil_services_and_the_contracts() -> None:
    assert len(grades.civil_grades()) == 17
    assert grades.civil_grades()["III/d"] == "Penata Tingkat I"
    assert grades.contract_grades()[0] == "I"
    assert grades.contract_grades()[-1] == "XVII"
    assert grades.same_rank("penata tk. I", "Penata Tingkat I")
    assert not grades.same_rank("Penata", "Penata Tingkat I")


# --- Between the people of a batch --------------------------------------------------------------


@pytest.mark.django_db
def test_people_who_share_nothing_pass_together() -> None:
    assert batch(GOOD, other()) == [Findings({}, {}), Findings({}, {})]


@pytest.mark.django_db
def test_one_person_may_hold_two_kinds_of_account_under_one_address() -> None:
    second = dataclasses.replace(GOOD, account_kind="helpdesk", proposed_user_id="buyung.bantu")
    assert batch(GOOD, second) == [Findings({}, {}), Findings({}, {})]


@pytest.mark.django_db
def test_the_same_number_and_kind_twice_is_refused_on_both() -> None:
    twice = batch(GOOD, dataclasses.replace(GOOD, proposed_user_id="buyung2"))
    assert [list(found.errors) for found in twice] == [["nip"], ["nip"]]
    assert twice[0].errors["nip"] == [
        (
            "NIP/NI PPPK ini sudah tercantum dengan jenis akun yang sama (nomor urut 2). Satu "
            "orang memegang satu akun tiap jenis: hapus salah satu, atau ubah jenis akunnya."
        )
    ]


@pytest.mark.django_db
def test_a_user_id_twice_is_refused_letter_case_aside() -> None:
    lenient = office(user_id_pattern=r"[A-Za-z.]{4,30}")
    found = check_batch(
        [GOOD, other(proposed_user_id="Buyung.Contoh")],
        office=lenient,
        decree_valid_until=DECREE_END,
        today=TODAY,
        labels=["baris 3", "baris 4"],
    )
    assert found[0].errors == {
        "proposed_user_id": [
            "Usulan user id “buyung.contoh” dipakai pula pada baris 4. Usulkan user id yang lain."
        ]
    }
    assert list(found[1].errors) == ["proposed_user_id"]


@pytest.mark.django_db
def test_one_address_of_two_people_is_refused_on_both() -> None:
    found = batch(GOOD, other(email="BUYUNG@contoh.go.id"))
    assert found[0].errors == {
        "email": [
            (
                "E-mail buyung@contoh.go.id dipakai pula oleh orang lain (nomor urut 2). Satu "
                "alamat milik satu orang: isikan alamat milik masing-masing."
            )
        ]
    }
    assert list(found[1].errors) == ["email"]


@pytest.mark.django_db
def test_without_a_number_the_name_tells_people_apart() -> None:
    outsider = dataclasses.replace(GOOD, employment="non_asn", nip="", grade="", rank="")
    again = dataclasses.replace(outsider, account_kind="helpdesk", proposed_user_id="buyung.h")
    assert batch(outsider, again) == [Findings({}, {}), Findings({}, {})]
    same_kind = dataclasses.replace(outsider, proposed_user_id="buyung.h")
    assert batch(outsider, same_kind)[1].warnings == {
        "full_name": [
            (
                "Nama lengkap ini sudah tercantum dengan jenis akun yang sama (nomor urut 1). "
                "Pastikan keduanya bukan orang yang sama."
            )
        ]
    }


@pytest.mark.django_db
def test_a_form_number_twice_is_odd() -> None:
    found = batch(dataclasses.replace(GOOD, form_number="F-1"), other(form_number="f-1"))
    assert found[0] == Findings(
        {},
        {
            "form_number": [
                "Nomor Formulir “F-1” dipakai pula pada nomor urut 2. Periksa kembali nomornya."
            ]
        },
    )


@pytest.mark.django_db
def test_two_hundred_people_pass_and_the_next_is_refused() -> None:
    people = [
        dataclasses.replace(
            GOOD,
            nip=f"197205282005021{number:03}",
            email=f"p{number}@contoh.go.id",
            proposed_user_id=f"personel{number}",
        )
        for number in range(1, MAX_PEOPLE + 2)
    ]
    found = batch(*people)
    assert all(one == Findings({}, {}) for one in found[:MAX_PEOPLE])
    assert found[MAX_PEOPLE].errors == {
        "": [
            (
                "Satu permohonan memuat paling banyak 200 personel. Pindahkan selebihnya ke "
                "permohonan lain."
            )
        ]
    }


def test_no_people_have_no_findings() -> None:
    assert batch() == []


# --- User ids -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "taken", "proposal"),
    [
        ("Budi Agus Santoso", [], "budi.santoso"),
        ("Siti", [], "siti"),
        ("Li", [], "li.spse"),
        ("Nur'aini Al-Fatih", [], "nuraini.alfatih"),
        ("José Ñandú", [], "jose.nandu"),
        ("Budi Budi", [], "budi"),
        ("王", [], "pengguna"),
        ("Budi Santoso", ["Budi.Santoso", "budi.santoso2"], "budi.santoso3"),
        ("A" * 40, [], "a" * 30),
        ("A" * 40, ["a" * 30], "a" * 29 + "2"),
    ],
)
def test_a_user_id_is_proposed_from_the_name(name: str, taken: list[str], proposal: str) -> None:
    assert propose_user_id(name, taken) == proposal


@given(st.text(max_size=80), st.integers(0, 12))
def test_every_proposal_fits_the_usual_rule_and_is_free(name: str, times: int) -> None:
    taken: list[str] = []
    for _ in range(times + 1):
        proposal = propose_user_id(name, taken)
        assert re.fullmatch(r"[a-z0-9._]{4,30}", proposal)
        assert proposal not in taken
        taken.append(proposal)


def test_the_offices_own_rule_for_user_ids_is_told() -> None:
    own = office(user_id_pattern=r"spse-[0-9]{4}")
    assert check_user_id("spse-0042", office=own) == []
    assert check_user_id("budi", office=own) == [
        r"User id “budi” tidak sesuai aturan: gunakan pola spse-[0-9]{4}."
    ]
    assert check_user_id("", office=own) == ["User id wajib diisi."]
    assert check_user_id("a" * 31, office=own) == [
        "User id paling panjang 30 karakter. Persingkat user id ini."
    ]
    assert check_user_id("budi", office=office(user_id_pattern="[")) == [
        (
            "User id tidak dapat diperiksa karena aturan user id pada data kantor tidak dapat "
            "dibaca. Hubungi Pengelola Aplikasi."
        )
    ]


@pytest.mark.parametrize(
    "rule", [r"[a-z0-9._]{4,30}", r"spse-[0-9]{4}", r"[A-Z]\d{4}\.\w+", r"a?b*c+d{2,}"]
)
def test_a_rule_for_user_ids_may_be_made_of_characters_and_repetitions(rule: str) -> None:
    assert is_rule(rule)
    assert check_user_id_pattern(rule) == []


@pytest.mark.parametrize(
    "rule",
    [
        r"a?b*c+d{2,}e+",
        r"(a+)+",
        r"(a|aa)+",
        r"a|b",
        r"(?=a)",
        r"\1",
        r"[z-a]",
        r"[a--z]",
        r"[[a]]",
        r"a{5,1}",
        r"",
    ],
)
def test_a_rule_that_could_keep_the_machine_busy_or_cannot_be_read_is_refused(rule: str) -> None:
    assert not is_rule(rule)
    assert len(check_user_id_pattern(rule)) == 1


def test_an_address_is_judged_by_itself() -> None:
    assert check_email("a@b.id") == []
    assert check_email("") == ["E-mail wajib diisi."]


def case(**fields: Any) -> AccountRequest:
    request: AccountRequest = baker.make(
        AccountRequest,
        sop_revision=offices.a_revision(),
        received_at=dt.datetime(2026, 3, 9, 2, tzinfo=dt.UTC),
        created_at=dt.datetime(2026, 3, 9, 2, tzinfo=dt.UTC),
        **fields,
    )
    return request


def registrant(request: AccountRequest, person: PersonData, position: int = 1) -> Registrant:
    values = dataclasses.asdict(person) | {"nik": "tersandi"}
    return Registrant.objects.create(request=request, position_in_list=position, **values)


@pytest.mark.django_db
def test_a_stored_formulir_comes_back_as_typed_without_its_nik() -> None:
    stored = registrant(case(), GOOD)
    assert person_data(stored) == GOOD


@pytest.mark.django_db
def test_a_user_id_of_another_case_is_odd_and_of_ones_own_is_not() -> None:
    mine = case()
    registrant(mine, GOOD)
    assert user_ids_in_use(["Buyung.Contoh", "siti.contoh", ""]) == {"buyung.contoh"}
    assert user_ids_in_use(["buyung.contoh"], outside=mine) == set()
    assert batch(GOOD, other(), request=mine) == [Findings({}, {}), Findings({}, {})]
    assert batch(GOOD, request=case()) == [
        Findings(
            {},
            {
                "proposed_user_id": [
                    (
                        "Usulan user id “buyung.contoh” sudah dipakai atau diusulkan pada "
                        "permohonan lain. Pastikan pemiliknya orang yang sama, atau usulkan "
                        "yang lain."
                    )
                ]
            },
        )
    ]


@pytest.mark.django_db
def test_a_cancelled_case_keeps_no_user_id() -> None:
    cancelled = case(
        state="cancelled",
        cancelled_at=dt.datetime(2026, 3, 10, 2, tzinfo=dt.UTC),
        cancel_reason="salah",
    )
    row = registrant(cancelled, GOOD)
    baker.make("accounts_requests.Account", registrant=row, user_id="buyung.contoh")
    assert user_ids_in_use(["buyung.contoh"]) == set()


@pytest.mark.django_db
def test_a_batch_asks_the_database_the_same_few_times_however_long_it_is(
    django_assert_num_queries: Any,
) -> None:
    with django_assert_num_queries(2):
        batch(GOOD)
    with django_assert_num_queries(2):
        batch(GOOD, other(), other(nip="", proposed_user_id="third"))
