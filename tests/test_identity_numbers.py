"""NIP, NI PPPK, NIK, mobile numbers and role mailboxes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts_requests.identity_numbers import (
    Checked,
    check_ni_pppk,
    check_nik,
    check_nip,
    format_nip,
    is_role_mailbox,
    mask_nik,
    normalise_mobile,
    normalise_number,
)

TODAY = date(2026, 11, 22)
NIP = "197205282005021001"
NI_PPPK = "199003152023212005"
NIK = "6472012805720001"


class TestNip:
    @pytest.mark.parametrize(
        "typed",
        [NIP, "19720528 200502 1 001", "19720528.200502.1.001", "\t19720528\u00a0200502 1 001 "],
    )
    def test_the_same_number_however_it_is_grouped(self, typed: str) -> None:
        assert check_nip(typed, TODAY) == Checked(NIP, born=date(1972, 5, 28), sex="L")
        assert format_nip(typed) == "19720528 200502 1 001"

    def test_it_is_usable(self) -> None:
        assert check_nip(NIP, TODAY).ok
        assert not check_nip("", TODAY).ok

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ("", "NIP belum diisi."),
            (" . ", "NIP belum diisi."),
            ("19720528200502100A", "NIP hanya boleh berisi angka."),
            ("١٩٧٢٠٥٢٨٢٠٠٥٠٢١٠٠١", "NIP hanya boleh berisi angka."),
            ("19720528-200502-1-001", "NIP hanya boleh berisi angka."),
            (NIP[:-1], "NIP harus terdiri atas 18 digit; yang diisikan 17 digit."),
            (NIP + "0", "NIP harus terdiri atas 18 digit; yang diisikan 19 digit."),
            (
                "197202302005021001",
                "Tanggal lahir pada NIP (delapan digit pertama) bukan tanggal yang ada.",
            ),
            (
                "000005282005021001",
                "Tanggal lahir pada NIP (delapan digit pertama) bukan tanggal yang ada.",
            ),
            (
                "197205282005131001",
                (
                    "Bulan pengangkatan pada NIP (digit ke-13 dan ke-14) tertulis 13; "
                    "seharusnya 01 sampai dengan 12."
                ),
            ),
            (
                "197205282005001001",
                (
                    "Bulan pengangkatan pada NIP (digit ke-13 dan ke-14) tertulis 00; "
                    "seharusnya 01 sampai dengan 12."
                ),
            ),
            ("197205282026121001", "Bulan pengangkatan pada NIP belum tiba."),
            ("197205281988041001", "Menurut NIP, pengangkatan terjadi sebelum usia 16 tahun."),
            (
                "197205282005023001",
                (
                    "Kode jenis kelamin pada NIP (digit ke-15) tertulis 3; "
                    "seharusnya 1 (laki-laki) atau 2 (perempuan)."
                ),
            ),
            ("197205282005021000", "Nomor urut NIP (tiga digit terakhir) dimulai dari 001."),
        ],
    )
    def test_each_mistake_is_named_alone(self, typed: str, sentence: str) -> None:
        assert check_nip(typed, TODAY).errors == (sentence,)
        assert check_nip(typed, TODAY).warnings == ()

    def test_several_mistakes_are_named_together(self) -> None:
        assert check_nip("197213402005139000", TODAY).errors == (
            "Tanggal lahir pada NIP (delapan digit pertama) bukan tanggal yang ada.",
            (
                "Bulan pengangkatan pada NIP (digit ke-13 dan ke-14) tertulis 13; "
                "seharusnya 01 sampai dengan 12."
            ),
            (
                "Kode jenis kelamin pada NIP (digit ke-15) tertulis 9; "
                "seharusnya 1 (laki-laki) atau 2 (perempuan)."
            ),
            "Nomor urut NIP (tiga digit terakhir) dimulai dari 001.",
        )

    def test_a_birth_yet_to_come_is_refused(self) -> None:
        assert check_nip("202611232026111001", TODAY).errors == (
            "Tanggal lahir pada NIP belum tiba.",
        )

    @pytest.mark.parametrize(
        ("appointed", "verdict"),
        [("198804", "refused"), ("198805", "odd"), ("199004", "odd"), ("199005", "fine")],
    )
    def test_appointed_under_16_is_refused_and_under_18_is_odd(
        self, appointed: str, verdict: str
    ) -> None:
        checked = check_nip(f"19720528{appointed}1001", TODAY)
        odd = (
            "Menurut NIP, pengangkatan terjadi sebelum usia 18 tahun. Periksa kembali nomor ini.",
        )
        assert checked.ok == (verdict != "refused")
        assert checked.warnings == (odd if verdict == "odd" else ())

    def test_appointed_this_month_is_not_the_future(self) -> None:
        assert check_nip("200001012026111001", TODAY).errors == ()
        assert check_nip("200001012026111001", date(2026, 10, 31)).errors == (
            "Bulan pengangkatan pada NIP belum tiba.",
        )

    def test_an_age_beyond_all_service_is_odd(self) -> None:
        assert check_nip("107205282005021001", TODAY).warnings == (
            "Menurut NIP, usia pemiliknya lebih dari 70 tahun. Periksa kembali tahun lahir.",
        )

    def test_a_number_of_another_length_is_printed_ungrouped(self) -> None:
        assert format_nip(" 123.45 ") == "12345"
        assert format_nip("-") == "-"

    @given(st.text())
    def test_nothing_that_is_typed_breaks_the_checks(self, typed: str) -> None:
        for checked in (check_nip(typed, TODAY), check_ni_pppk(typed, TODAY), check_nik(typed)):
            assert checked.value == normalise_number(typed)
        assert normalise_number(format_nip(typed)) == normalise_number(typed)


class TestNiPppk:
    def test_21_stands_where_a_nip_has_the_month(self) -> None:
        assert check_ni_pppk("19900315 202321 2 005", TODAY) == Checked(
            NI_PPPK, born=date(1990, 3, 15), sex="P"
        )
        assert not check_nip(NI_PPPK, TODAY).ok
        assert format_nip(NI_PPPK) == "19900315 202321 2 005"

    def test_another_code_there_is_odd_and_no_mistake(self) -> None:
        checked = check_ni_pppk("199003152023222005", TODAY)
        assert checked.errors == ()
        assert checked.warnings == (
            "Digit ke-13 dan ke-14 NI PPPK tertulis 22; biasanya 21. Periksa kembali nomor ini.",
        )

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ("", "NI PPPK belum diisi."),
            ("1990", "NI PPPK harus terdiri atas 18 digit; yang diisikan 4 digit."),
            (
                "199002302023212005",
                "Tanggal lahir pada NI PPPK (delapan digit pertama) bukan tanggal yang ada.",
            ),
            ("199003152027212005", "Tahun pengangkatan pada NI PPPK belum tiba."),
            (
                "201003152023212005",
                "Menurut NI PPPK, pengangkatan terjadi sebelum usia 16 tahun.",
            ),
            (
                "199003152023210005",
                (
                    "Kode jenis kelamin pada NI PPPK (digit ke-15) tertulis 0; "
                    "seharusnya 1 (laki-laki) atau 2 (perempuan)."
                ),
            ),
            (
                "199003152023212000",
                "Nomor urut NI PPPK (tiga digit terakhir) dimulai dari 001.",
            ),
        ],
    )
    def test_each_mistake_is_named_alone(self, typed: str, sentence: str) -> None:
        assert check_ni_pppk(typed, TODAY).errors == (sentence,)


class TestNik:
    def test_a_mans_and_a_womans(self) -> None:
        assert check_nik("64.72.01 280572 0001") == Checked(NIK, sex="L")
        assert check_nik("6472016805720001") == Checked("6472016805720001", sex="P")

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ("", "NIK belum diisi."),
            ("647201280572000X", "NIK hanya boleh berisi angka."),
            (NIK[:-1], "NIK harus terdiri atas 16 digit; yang diisikan 15 digit."),
            ("6472012805720000", "Nomor urut NIK (empat digit terakhir) tidak boleh 0000."),
            *(
                (
                    f"647201{day}05720001",
                    (
                        "Tanggal lahir pada NIK (digit ke-7 sampai dengan ke-12) "
                        "bukan tanggal yang ada."
                    ),
                )
                for day in ("00", "32", "40", "72", "81", "99")
            ),
        ],
    )
    def test_each_mistake_is_named_alone(self, typed: str, sentence: str) -> None:
        assert check_nik(typed).errors == (sentence,)

    @pytest.mark.parametrize(("day", "sex"), [("01", "L"), ("31", "L"), ("41", "P"), ("71", "P")])
    def test_the_day_of_birth_tells_men_from_women(self, day: str, sex: str) -> None:
        checked = check_nik(f"647201{day}05720001")
        assert (checked.errors, checked.sex) == ((), sex)

    def test_the_last_of_february_needs_a_leap_year_in_either_century(self) -> None:
        assert check_nik("6472012902000001").ok  # 2000 was one, 1900 was not
        assert check_nik("6472012902720001").ok
        assert not check_nik("6472012902730001").ok

    def test_an_unknown_province_is_odd_and_no_mistake(self) -> None:
        checked = check_nik("9972012805720001")
        assert checked.ok
        assert checked.warnings == (
            "Kode provinsi 99 pada NIK tidak dikenal. Periksa kembali NIK.",
        )

    def test_all_38_provinces_are_known(self) -> None:
        known = [code for code in range(100) if not check_nik(f"{code:02}72012805720001").warnings]
        assert known == [
            *range(11, 20),
            21,
            *range(31, 37),
            *range(51, 54),
            *range(61, 66),
            *range(71, 77),
            81,
            82,
            *range(91, 97),
        ]
        assert len(known) == 38

    def test_it_is_compared_with_the_nip(self) -> None:
        assert check_nik(NIK, "19720528 200502 1 001").warnings == ()
        assert check_nik(NIK, "197205292005021001").warnings == (
            "Tanggal lahir pada NIK berbeda dengan tanggal lahir pada NIP.",
        )
        assert check_nik(NIK, "197205282005022001").warnings == (
            "Jenis kelamin pada NIK berbeda dengan jenis kelamin pada NIP.",
        )
        assert check_nik("6472016805720001", "197205282005022001").warnings == ()

    def test_a_nip_that_is_none_is_not_compared(self) -> None:
        assert check_nik(NIK, "-").warnings == ()
        assert check_nik(NIK, None).warnings == ()

    def test_masked_it_shows_the_area_and_the_serial_only(self) -> None:
        assert mask_nik("647201 280572 0001") == "6472••••••••0001"

    def test_what_is_no_nik_is_hidden_entirely(self) -> None:
        assert mask_nik("64720128") == "••••••••"
        assert mask_nik("") == ""


class TestMobile:
    @pytest.mark.parametrize(
        "typed",
        [
            "081234567890",
            "+6281234567890",
            "6281234567890",
            "81234567890",
            "0812-3456-7890",
            "+62 (0)812.3456.7890",
        ],
    )
    def test_however_it_is_typed_it_is_kept_one_way(self, typed: str) -> None:
        assert normalise_mobile(typed) == "+6281234567890"

    def test_it_has_10_to_13_national_digits(self) -> None:
        assert normalise_mobile("0811234567") == "+62811234567"
        assert normalise_mobile("0811234567890") == "+62811234567890"
        for typed, length in (("081123456", 9), ("08112345678901", 14)):
            with pytest.raises(ValueError) as caught:
                normalise_mobile(typed)
            assert str(caught.value) == (
                "Nomor ponsel harus terdiri atas 10 sampai dengan 13 digit "
                f"(dihitung dari 08…); yang diisikan {length} digit."
            )

    @pytest.mark.parametrize(
        "typed", ["", "0541733333", "+60123456789", "08123456789a", "٠٨١٢٣٤٥٦٧٨٩٠", "0812/0813"]
    )
    def test_what_is_no_mobile_number_is_refused(self, typed: str) -> None:
        with pytest.raises(ValueError) as caught:
            normalise_mobile(typed)
        assert str(caught.value) == (
            "Nomor ponsel harus diawali 08 atau +628 dan hanya berisi angka."
        )

    def test_it_stays_as_it_is_when_done_twice(self) -> None:
        assert normalise_mobile(normalise_mobile("081234567890")) == "+6281234567890"


@pytest.mark.parametrize(
    "address",
    [
        "info@kaltimprov.go.id",
        "LPSE@kaltimprov.go.id",
        "lpse.kaltim@gmail.com",
        "lpsekaltim2@gmail.com",
        "admin-ppe@kaltimprov.go.id",
        "no-reply@kaltimprov.go.id",
        "helpdesk+spse@kaltimprov.go.id",
        "humas2@kaltimprov.go.id",
        "biro_pbj@kaltimprov.go.id",
    ],
)
def test_an_offices_mailbox_is_recognised(address: str) -> None:
    assert is_role_mailbox(address)


@pytest.mark.parametrize(
    "address",
    [
        "siti.rahma@kaltimprov.go.id",
        "budi@info.go.id",
        "stafford@gmail.com",
        "infanti@gmail.com",
        "a.umumi@gmail.com",
        "",
    ],
)
def test_a_persons_mailbox_is_not_one(address: str) -> None:
    assert not is_role_mailbox(address)
