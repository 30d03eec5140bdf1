"""The SOP's words stand in the data as they were printed; what was blank is blank.

The expected words were typed from the printed sheet, not copied from the data.
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from accounts_requests.limit_terms import LimitBasis, LimitStart, LimitUnit
from accounts_requests.roles import Role

FILE = Path(__file__).parent.parent / "accounts_requests" / "data" / "sop.toml"

IDENTITY = [
    (
        "DASAR HUKUM",
        [
            "Undang-undang (UU) Nomor 1 Tahun 2023 tentang Kitab Undang-Undang Hukum Pidana",
            (
                "Peraturan Pemerintah (PP) Nomor 71 Tahun 2019 tentang Penyelenggaraan Sistem dan "
                "Transaksi Elektronik"
            ),
            (
                "Peraturan Presiden No. 12 Tahun 2021 Tentang Perubahan atas Perpres No. 16 Tahun "
                "2018 Tentang Pengadaan Barang/ Jasa Pemerintah"
            ),
            (
                "PermenPan Nomor 35 Tahun 2012 tentang Pedoman Penyusunan Standar Operasional "
                "Prosedur Administrasi Pemerintahan"
            ),
            (
                "Peraturan Lembaga Kebijakan Pengadaan Barang/Jasa Pemerintah Nomor 10 Tahun 2021 "
                "tentang Unit Kerja Pengadaan Barang/Jasa"
            ),
            (
                "Peraturan Kepala Lembaga Kebijakan Pengadaan Barang/Jasa Pemerintah Nomor 1 Tahun "
                "2015 tentang E-Tendering"
            ),
        ],
    ),
    ("KUALIFIKASI PELAKSANA", ["Kepala LPSE", "Admin PPE"]),
    (
        "PENJELASAN SINGKAT",
        [
            (
                "Prosedur ini mencakup proses perintah pembuatan akun oleh Kepala LPSE kepada "
                "Admin PPE, pembuatan akun oleh Admin PPE dan penyampaian akun yang telah dibuat "
                "kepada masing-masing personil (Verifikator/Helpdesk/Admin Agency LPSE)"
            )
        ],
    ),
    (
        "PERALATAN/ PERLENGKAPAN",
        [
            "Formulir permohonan pembuatan akun Verifikator/Helpdesk/Admin Agency LPSE",
            "SK Pembuatan Akun",
        ],
    ),
    (
        "TUJUAN",
        [
            (
                "Prosedur ini bertujuan sebagai standar bagi Kepala LPSE dalam melakukan perintah "
                "pembuatan akun registrasi verifikator/helpdesk/admin agency LPSE kepada Admin PPE"
            )
        ],
    ),
    ("PENCATATAN DAN PENDATAAN", []),
    (
        "PERINGATAN",
        [
            (
                "Pelaksana bertanggung jawab atas pelaksanaan aktivitas yang telah dibakukan dan "
                "ditetapkan"
            ),
            (
                "Segala bentuk penyimpangan atas mutu baku terkait perlengkapan, waktu maupun "
                "output dikategorikan sebagai bentuk kegagalan yang harus dipertanggungjawabkan "
                "oleh pelaksana"
            ),
        ],
    ),
    (
        "DEFINISI",
        [
            (
                "Kepala LPSE adalah orang yang mempunyai tugas memimpin LPSE dalam menjalankan "
                "tugas dan fungsi LPSE."
            ),
            (
                "Admin PPE adalah personil LPSE yang memiliki tugas mengelola website LPSE serta "
                "mengelola dan membuatkan akun (user id dan password admin agency, verifikator, "
                "helpdesk dan auditor/pemeriksa)."
            ),
        ],
    ),
    ("KETERKAITAN", ["SOP Pengarsipan Dokumen"]),
]

# number, activity, stray word, executor, kelengkapan, waktu, output
STEPS = [
    (
        "1",
        (
            "Mengeluarkan SK Pembuatan Akun Verifikator/Helpdesk/ Admin Agency LPSE, dilengkapi "
            "Formulir Pembuatan Akun Verifikator/Helpdesk/ Admin Agency LPSE"
        ),
        "",
        Role.KEPALA_LPSE,
        [],
        "3 Hari",
        "SK Pembuatan Akun Verifikator/ Helpdesk/Admin Agency LPSE",
    ),
    (
        "2",
        (
            "Memerintah Admin PPE untuk membuat akun (user id dan password) sesuai SK dan Formulir "
            "Pembuatan Akun Verifikator/Helpdesk/ Admin Agency LPSE"
        ),
        "",
        Role.KEPALA_LPSE,
        [],
        "N/A",
        "",
    ),
    (
        "3",
        "Membuat akun Verifikator/Helpdesk/ Admin Agency LPSE pada aplikasi SPSE",
        "",
        Role.ADMIN_PPE,
        [
            (
                "Data yang dimasukkan pada aplikasi SPSE saat pembuatan berdasarkan pada data yang "
                "tercantum dalam Formulir Pembuatan Akun Verifikator/Helpdesk/ Admin Agency LPSE"
            ),
            (
                "Tata cara pembuatan akun pada aplikasi SPSE mengacu pada panduan pengguna (user "
                "guide) aplikasi SPSE"
            ),
        ],
        "60 Menit",
        "Akun Verifikator/ Helpdesk/Admin Agency LPSE pada aplikasi SPSE",
    ),
    (
        "4",
        (
            "Menginformasikan melalui e-mail akun (user id dan password) yang telah dibuat kepada "
            "Verifikator/Helpdesk/ Admin Agency LPSE"
        ),
        "Kepala LPSE",
        Role.ADMIN_PPE,
        [
            (
                "Akun diberikan melalui email milik masing-masing personil Verifikator/ Helpdesk/ "
                "Admin Agency LPSE yang terdaftar pada aplikasi SPSE"
            ),
            (
                "Dalam email diinformasikan untuk segera melakukan login dengan user id dan "
                "password tersebut serta mewajibkan untuk melakukan perubahan password"
            ),
        ],
        "30 Menit",
        "Email informasi akun Verifikator/ Helpdesk/Admin Agency LPSE",
    ),
    (
        "",
        "Mengarsipkan berkas dengan mengacu pada SOP pengarsipan berkas",
        "",
        Role.ADMIN_PPE,
        ["Hasil pembuatan akun"],
        "10 Menit",
        "Arsip berkas",
    ),
]


@pytest.fixture(scope="module")
def sop() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def test_the_header_is_the_printed_one_with_its_blanks(sop: dict[str, Any]) -> None:
    assert sop["header"] == {
        "letterhead": [
            "BIRO PENGADAAN BARANG/ JASA",
            "SEKRETARIAT DAERAH",
            "PROVINSI KALIMANTAN TIMUR",
        ],
        "number_label": "NOMOR SOP",
        "number": "000-310624/BPLPSE/B.PBJ",
        "created_label": "TGL PEMBUATAN",
        "created": "28 FEBRUARI 2023",
        "revised_label": "TGL REVISI",
        "revised": "",
        "approved_label": "TGL PENGESAHAN",
        "approved": "",
        "approver_label": "DISAHKAN OLEH",
        "approver_label_printed": "DISAHAKAN OLEH",
        "approver_title": "KEPALA BIRO PENGADAAN BARANG DAN JASA",
        "approver_name": "Buyung Dodi Gunawan, S.T., M.M.",
        "approver_nip": "19720528 200502 1 001",
        "name_label": "NAMA SOP",
        "name": "REGISTRASI VERIFIKATOR/HELPDESK/ADMIN AGENCY LPSE",
    }


def test_the_identity_table_is_the_printed_one_in_its_order(sop: dict[str, Any]) -> None:
    assert [(cell["label"], cell["items"]) for cell in sop["identity"]] == IDENTITY


def test_the_table_is_headed_as_printed(sop: dict[str, Any]) -> None:
    assert sop["table"] == {
        "title": [
            "STANDAR OPERASIONAL PROSEDUR REGISTRASI VERIFIKATOR/HELPDESK/ADMIN AGENCY LPSE",
            "PADA BIRO PENGADAAN BARANG/ JASA SELAKU UNIT KERJA PENGADAAN BARANG/ JASA (UKPBJ)",
        ],
        "number_label": "No.",
        "activity_label": "Aktivitas",
        "executors_label": "Pelaksana",
        "quality_label": "Mutu Baku",
        "requirements_label": "Persyaratan/ Kelengkapan",
        "limit_label": "Waktu",
        "output_label": "Output",
        "remarks_label": "Keterangan",
    }


def test_the_five_activities_are_printed_word_for_word(sop: dict[str, Any]) -> None:
    assert [
        (
            step["printed_number"],
            step["activity"],
            step["stray"],
            Role(step["executor"]),
            step["requirements"],
            step["printed_limit"],
            step["output"],
        )
        for step in sop["step"]
    ] == STEPS
    assert [step["remarks"] for step in sop["step"]] == ["", "", "", "", ""]


def test_the_drawings_labels_are_kept_apart_from_the_words(sop: dict[str, Any]) -> None:
    assert [step["flow_words"] for step in sop["step"]] == [
        ["Kepala LPSE", "Mulai", "Admin PPE"],
        [],
        [],
        [],
        ["Selesai"],
    ]


def test_the_unnumbered_row_is_step_five_by_our_reading_and_says_so(sop: dict[str, Any]) -> None:
    assert [step["number"] for step in sop["step"]] == [1, 2, 3, 4, 5]
    assert [step["executor_interpreted"] for step in sop["step"]] == [
        False,
        False,
        False,
        False,
        True,
    ]
    assert [step["number_note"] for step in sop["step"]] == [
        "",
        "",
        "",
        "",
        "Baris ini tidak bernomor pada naskah SOP; ditampilkan sebagai nomor 5.",
    ]


def test_limits_are_read_as_working_time_from_the_step_before_for_the_whole_case(
    sop: dict[str, Any],
) -> None:
    readings = [step["reading"] for step in sop["step"]]

    assert [(row.get("limit_amount"), LimitUnit(row["limit_unit"])) for row in readings] == [
        (3, LimitUnit.WORKING_DAYS),
        (None, LimitUnit.WORKING_MINUTES),
        (60, LimitUnit.WORKING_MINUTES),
        (30, LimitUnit.WORKING_MINUTES),
        (10, LimitUnit.WORKING_MINUTES),
    ]
    assert {LimitStart(row["limit_start"]) for row in readings} == {LimitStart.PREVIOUS_END}
    assert {LimitBasis(row["limit_basis"]) for row in readings} == {LimitBasis.CASE}


def test_what_carries_a_letter_on_the_sheet_has_a_note_of_its_own(sop: dict[str, Any]) -> None:
    marked = [
        (step, mark)
        for note in sop["reading"]["note"]
        for mark in note["marks"]
        for step in note["steps"]
    ]

    assert marked == [(4, "stray"), (5, "number"), (5, "executor")]
