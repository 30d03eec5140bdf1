"""What a Lembar Penafsiran may say, and how its choices are told."""

import copy
from typing import Any

import pytest

from accounts_requests import reading_content, reading_notes, seeding
from accounts_requests.limit_terms import LimitBasis, LimitStart, LimitUnit
from accounts_requests.reading_content import Content, Difference, Norm

NORMS = [
    Norm(
        number=number,
        name=name,
        printed=printed,
        amount=amount,
        unit=LimitUnit.WORKING_DAYS if number == 1 else LimitUnit.WORKING_MINUTES,
        is_claimed=number > 2,
    )
    for number, name, printed, amount in (
        (1, "Menerbitkan SK", "3 Hari", 3),
        (2, "Memerintahkan", "N/A", None),
        (3, "Membuat akun", "60 Menit", 60),
        (4, "Mengirim e-mail", "30 Menit", 30),
        (5, "Mengarsipkan", "10 Menit", 10),
    )
]


def proposed() -> Content:
    """The reading that a new installation starts with."""
    sop = seeding.read_sop()
    return {
        "steps": {
            str(step["number"]): {
                "amount": step["reading"].get("limit_amount"),
                "unit": step["reading"]["limit_unit"],
                "start": step["reading"]["limit_start"],
                "basis": step["reading"]["limit_basis"],
                "warnings": step["reading"]["warnings"],
            }
            for step in sop["step"]
        },
        **{name: sop["reading"][name] for name in ("step1_start", "step1_end", "step4_end")},
        "notes": sop["reading"]["note"],
    }


def put(content: Content, path: str, value: object) -> Content:
    """``content`` with ``value`` at the dotted ``path``."""
    new = copy.deepcopy(content)
    place: Any = new
    *way, last = path.split(".")
    for name in way:
        place = place[name]
    place[last] = value
    return new


def test_the_proposed_reading_keeps_every_rule() -> None:
    assert reading_content.check(proposed(), NORMS) == {}


@pytest.mark.parametrize(
    ("path", "value", "errors"),
    [
        (
            "steps.3.amount",
            90,
            {
                "step_3": "Batas waktu langkah 3 ditetapkan oleh SOP (60 Menit) dan tidak diubah "
                "oleh penafsiran."
            },
        ),
        (
            "steps.2.amount",
            10,
            {
                "step_2": "Batas waktu langkah 2 ditetapkan oleh SOP (N/A) dan tidak diubah oleh "
                "penafsiran."
            },
        ),
        (
            "steps.1.unit",
            "working_minutes",
            {"step_1_unit": "Satuan langkah 1 hanya dapat hari kerja atau hari kalender."},
        ),
        (
            "steps.3.unit",
            "calendar_days",
            {"step_3_unit": "Satuan langkah 3 hanya dapat menit jam kerja atau menit jam dinding."},
        ),
        (
            "steps.1.start",
            "claimed",
            {"step_1_start": "Awal penghitungan langkah 1 hanya dapat akhir langkah sebelumnya."},
        ),
        (
            "steps.3.start",
            "complete",
            {
                "step_3_start": "Awal penghitungan langkah 3 hanya dapat akhir langkah sebelumnya "
                "atau saat tugas diambil atau saat mulai dikerjakan."
            },
        ),
        (
            "steps.1.basis",
            "person",
            {"step_1_basis": "Cakupan langkah 1 hanya dapat seluruh permohonan."},
        ),
        ("step1_start", "signed", {"step1_start": "Pilih awal langkah 1."}),
        ("step1_end", "", {"step1_end": "Pilih akhir langkah 1."}),
        ("step4_end", None, {"step4_end": "Pilih akhir langkah 4."}),
        (
            "steps.2.warnings",
            [100],
            {"step_2_warnings": "Langkah tanpa batas waktu tidak diperingatkan."},
        ),
        (
            "steps.3.warnings",
            ["separuh"],
            {
                "step_3_warnings": "Tuliskan peringatan sebagai persen batas waktu, misalnya 50, "
                "80, 100."
            },
        ),
        (
            "steps.3.warnings",
            [True, 100],
            {
                "step_3_warnings": "Tuliskan peringatan sebagai persen batas waktu, misalnya 50, "
                "80, 100."
            },
        ),
        (
            "steps.3.warnings",
            [0, 100],
            {"step_3_warnings": "Persen peringatan paling kecil 1 dan paling besar 100."},
        ),
        (
            "steps.3.warnings",
            [80, 50, 100],
            {
                "step_3_warnings": "Urutkan persen peringatan dari yang terkecil, masing-masing "
                "satu kali."
            },
        ),
        (
            "steps.3.warnings",
            [10, 20, 30, 40, 50, 100],
            {"step_3_warnings": "Paling banyak 5 peringatan untuk satu langkah."},
        ),
        (
            "steps.3.warnings",
            [50],
            {
                "step_3_warnings": "Peringatan pada 100 (saat tenggat) wajib ada: atasan diberi "
                "tahu saat itu."
            },
        ),
        (
            "notes",
            [{"subject": "Tanpa kalimat", "text": ""}],
            {"": "Setiap penafsiran memerlukan pokok dan kalimatnya."},
        ),
        ("steps.3", {"unit": "working_minutes"}, {"": "Penafsiran langkah 3 tidak lengkap."}),
        (
            "steps.6",
            {},
            {"": "Lembar penafsiran harus memuat setiap langkah SOP, dan tidak yang lain."},
        ),
        (
            "lain",
            1,
            {"": "Isi lembar penafsiran tidak lengkap. Susun kembali dari yang berlaku."},
        ),
    ],
)
def test_each_rule_has_a_sentence(path: str, value: object, errors: dict[str, str]) -> None:
    found = reading_content.check(put(proposed(), path, value), NORMS)

    assert found == {key: [sentence] for key, sentence in errors.items()}


@pytest.mark.parametrize("broken", [None, [], "", {"steps": {}}, {**proposed(), "steps": []}])
def test_what_is_no_sheet_at_all_is_refused_and_breaks_nothing(broken: object) -> None:
    assert list(reading_content.check(broken, NORMS)) == [""]


def test_every_choice_of_the_proposed_reading_in_words() -> None:
    told = [
        (choice.key, choice.step, choice.subject, choice.words)
        for choice in reading_content.choices_of(proposed(), NORMS)
    ]

    rungs = "50 %, 80 %, dan saat tenggat"
    previous, whole = "akhir langkah sebelumnya", "seluruh permohonan"
    assert told == [
        ("step1_start", 1, "Awal langkah 1", "permohonan diterima"),
        ("step1_end", 1, "Akhir langkah 1", "SK diterbitkan di dalam aplikasi"),
        ("step_1_unit", 1, "Satuan", "hari kerja"),
        ("step_1_warnings", 1, "Peringatan", rungs),
        ("step_3_unit", 3, "Satuan", "menit jam kerja"),
        ("step_3_start", 3, "Mulai dihitung", previous),
        ("step_3_basis", 3, "Cakupan", whole),
        ("step_3_warnings", 3, "Peringatan", rungs),
        ("step4_end", 4, "Akhir langkah 4", "server e-mail menerima setiap pesan"),
        ("step_4_unit", 4, "Satuan", "menit jam kerja"),
        ("step_4_start", 4, "Mulai dihitung", previous),
        ("step_4_basis", 4, "Cakupan", whole),
        ("step_4_warnings", 4, "Peringatan", rungs),
        ("step_5_unit", 5, "Satuan", "menit jam kerja"),
        ("step_5_start", 5, "Mulai dihitung", previous),
        ("step_5_basis", 5, "Cakupan", whole),
        ("step_5_warnings", 5, "Peringatan", "80 % dan saat tenggat"),
    ]


def test_two_readings_differ_by_the_choices_that_differ_and_by_nothing_else() -> None:
    other = reading_content.chosen(
        proposed(), {"step_3_basis": LimitBasis.PERSON, "step1_end": "signed"}, NORMS
    )

    assert reading_content.compare(proposed(), proposed(), NORMS) == []
    assert reading_content.compare(proposed(), other, NORMS) == [
        Difference(
            key="step1_end",
            step=1,
            subject="Akhir langkah 1",
            before="SK diterbitkan di dalam aplikasi",
            after="SK ditandatangani",
        ),
        Difference(
            key="step_3_basis",
            step=3,
            subject="Cakupan",
            before="seluruh permohonan",
            after="tiap personel",
        ),
    ]


def test_choosing_changes_a_copy_and_never_the_amount_of_the_sop() -> None:
    before = put(proposed(), "steps.3.amount", 999)

    after = reading_content.chosen(before, {"step_3_unit": LimitUnit.CLOCK_MINUTES}, NORMS)

    assert before["steps"]["3"]["unit"] == "working_minutes"
    assert (after["steps"]["3"]["unit"], after["steps"]["3"]["amount"]) == ("clock_minutes", 60)


def test_the_sentences_that_follow_from_the_proposed_choices_are_those_of_the_sheet() -> None:
    assert reading_notes.following(proposed(), NORMS) == proposed()


@pytest.mark.parametrize(
    ("choices", "subject", "sentence"),
    [
        (
            {"step1_start": "complete", "step1_end": "signed", "step_1_unit": "calendar_days"},
            "Awal dan akhir langkah 1",
            (
                "Waktu langkah 1 dihitung sejak berkas dinyatakan lengkap sampai dengan SK "
                "ditandatangani. Hari berkas dinyatakan lengkap tidak dihitung; batas waktu "
                "berakhir "
                "pada akhir hari kalender ketiga."
            ),
        ),
        (
            {"step_1_unit": "calendar_days", "step_5_unit": "clock_minutes"},
            "Satuan waktu",
            (
                "Batas waktu langkah 1 dihitung dalam hari kalender, hari libur dan akhir pekan "
                "ikut "
                "dihitung. Batas waktu langkah 3 dan 4 dihitung dalam menit pada jam kerja kantor. "
                "Batas waktu langkah 5 dihitung dalam menit jam dinding, malam dan hari libur ikut "
                "dihitung."
            ),
        ),
        (
            {"step_3_start": LimitStart.CLAIMED, "step_4_start": LimitStart.BEGUN},
            "Awal penghitungan",
            (
                "Waktu langkah 3 dihitung sejak tugas diambil. Waktu langkah 4 dihitung sejak "
                "pelaksana mulai mengerjakannya. Waktu langkah 5 dihitung sejak langkah sebelumnya "
                "selesai. Apabila langkah sebelumnya diselesaikan oleh mesin, penghitungan dimulai "
                "saat pelaksana pertama kali melihatnya, paling lambat satu jam kerja kemudian."
            ),
        ),
        (
            {"step_3_basis": LimitBasis.PERSON},
            "Cakupan batas waktu",
            (
                "Batas waktu langkah 3 berlaku untuk tiap personel, jadi dikalikan dengan "
                "banyaknya "
                "personel. Batas waktu langkah 4 dan 5 berlaku untuk seluruh personel dalam satu "
                "permohonan."
            ),
        ),
        (
            {"step4_end": "queued"},
            "Akhir langkah 4",
            (
                "Waktu langkah 4 dihitung sampai pesan untuk setiap akun yang dibuat masuk antrean "
                "pengiriman. Langkahnya sendiri baru selesai setelah setiap pesan dijawab oleh "
                "server "
                "e-mail atau diputuskan oleh orang. Diterima server tidak berarti telah dibaca "
                "oleh "
                "penerima."
            ),
        ),
    ],
)
def test_the_sentences_follow_the_choices(
    choices: dict[str, str], subject: str, sentence: str
) -> None:
    content = reading_notes.following(reading_content.chosen(proposed(), choices, NORMS), NORMS)

    told = {note["subject"]: note["text"] for note in content["notes"]}
    assert told[subject] == sentence
    assert reading_content.check(content, NORMS) == {}


@pytest.mark.parametrize(
    ("number", "counted"),
    [
        (
            1,
            (
                "3 hari kalender, sejak berkas dinyatakan lengkap, untuk seluruh permohonan, "
                "sampai "
                "SK ditandatangani"
            ),
        ),
        (2, "tanpa batas waktu"),
        (3, "60 menit jam kerja, sejak tugas diambil, untuk tiap personel"),
        (
            4,
            (
                "30 menit jam kerja, sejak akhir langkah sebelumnya, untuk seluruh permohonan, "
                "sampai "
                "setiap pesan masuk antrean pengiriman"
            ),
        ),
    ],
)
def test_a_limit_as_it_is_counted(number: int, counted: str) -> None:
    choices = {
        "step1_start": "complete",
        "step1_end": "signed",
        "step_1_unit": "calendar_days",
        "step_3_start": "claimed",
        "step_3_basis": "person",
        "step4_end": "queued",
    }
    content = reading_content.chosen(proposed(), choices, NORMS)

    assert reading_content.counted_as(content, NORMS[number - 1]) == counted
