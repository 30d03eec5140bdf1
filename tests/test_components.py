"""The components of the pages: what they say, and what they hand to the scripts."""

import datetime as dt

import pytest
from django import forms
from django.template.loader import render_to_string

from accounts_requests.sheet_flow import draw_flow

NOW = dt.datetime(2026, 3, 12, 1, 30, tzinfo=dt.UTC)
RUNNING = {
    "state": "left",
    "norm": "60 Menit",
    "actual": "37 menit",
    "word": "sisa 23 menit",
    "name": "Langkah 3",
    "server_now": NOW,
    "remaining_seconds": 1400,
    "limit_seconds": 3600,
    "open_until": NOW + dt.timedelta(hours=3),
    "resumes_at": None,
    "resumes_label": "",
    "note": "",
    "basis_url": "",
}


def in_one_line(html: str) -> str:
    return " ".join(html.split())


def test_a_running_time_cell_gives_the_countdown_seconds_and_instants_in_utc() -> None:
    html = render_to_string("_time_cell.html", {"cell": RUNNING})

    assert 'data-server-now="2026-03-12T01:30:00Z"' in html
    assert 'data-remaining-seconds="1400"' in html
    assert 'data-limit-seconds="3600"' in html
    assert 'data-open-until="2026-03-12T04:30:00Z"' in html
    assert "data-resumes-label" not in html
    assert '<span class="time-word">sisa 23 menit</span>' in html


def test_a_time_cell_outside_office_hours_says_when_it_goes_on() -> None:
    closed = {**RUNNING, "open_until": None, "resumes_label": "Senin, 08.00 WITA"}

    html = render_to_string("_time_cell.html", {"cell": closed})

    assert '<span class="time-note time-paused-note">dilanjutkan Senin, 08.00 WITA</span>' in html


@pytest.mark.parametrize(
    ("state", "word", "shape"),
    [
        ("done", "tepat waktu", "shape-done"),
        ("late_done", "terlambat 11 menit", "shape-late"),
        ("none", "tanpa batas waktu", "shape-none"),
        ("waiting", "belum mulai", "shape-waiting"),
    ],
)
def test_a_time_cell_that_stands_still_has_its_shape_and_word_and_no_countdown(
    state: str, word: str, shape: str
) -> None:
    html = render_to_string("_time_cell.html", {"cell": {**RUNNING, "state": state, "word": word}})

    assert f'<span class="shape {shape}" aria-hidden="true"></span>' in html
    assert f'<span class="time-word">{word}</span>' in html
    assert "data-countdown" not in html


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("draft", "waiting"),
        ("ordered", "open"),
        ("archived", "done"),
        ("cancelled", "cancelled"),
        ("accepted", "done"),
        ("failed", "deviation"),
        ("uncertain", "soon"),
    ],
)
def test_a_badge_tells_a_state_by_shape_and_word(state: str, kind: str) -> None:
    html = render_to_string("_badge.html", {"state": state, "text": "Kata"})

    assert html.strip() == (
        f'<span class="mark mark-{kind}">'
        f'<span class="shape shape-{kind}" aria-hidden="true"></span>Kata</span>'
    )


class NameForm(forms.Form):
    name = forms.CharField(label="Nama")


def test_the_list_of_errors_leads_to_the_field() -> None:
    html = in_one_line(render_to_string("_form_errors.html", {"form": NameForm({"name": ""})}))

    assert '<li><a href="#id_name">Nama</a>: Bidang ini tidak boleh kosong.</li>' in html


def test_a_form_without_errors_shows_no_list_of_errors() -> None:
    html = render_to_string("_form_errors.html", {"form": NameForm({"name": "Siti"})})

    assert html.strip() == ""


def test_an_act_stands_open_only_when_its_reason_was_refused() -> None:
    context = {"label": "Kembalikan", "url": "/kembalikan/"}

    closed = render_to_string("_confirm.html", {**context, "form": NameForm()})
    refused = render_to_string("_confirm.html", {**context, "form": NameForm({"name": ""})})

    assert '<details class="act">' in closed
    assert '<details class="act" open>' in refused


def test_a_page_shows_neighbours_only_where_there_are_any() -> None:
    alone = render_to_string("_pagination.html", {"newer_url": "", "older_url": ""})
    first = render_to_string("_pagination.html", {"newer_url": "", "older_url": "?older=7"})

    assert alone.strip() == ""
    assert 'href="?older=7"' in first
    assert "Lebih baru" not in first


def test_the_box_of_the_running_step_is_named_for_those_who_do_not_see_it() -> None:
    cells = draw_flow(["Admin PPE"], ["current"], ["Admin PPE"], finished=False)

    html = render_to_string("_step_flow.html", {"flow": cells[0][0]})

    assert '<div class="flow flow-current">' in html
    assert '<span class="flow-words">Admin PPE: berjalan</span>' in html
    assert '<span class="flow-capsule walked">Mulai</span>' in html
    assert '<span class="flow-capsule">Selesai</span>' in html


def test_an_entry_of_the_history_tells_what_who_and_when() -> None:
    entry = {
        "kind": "note",
        "what": "Dikembalikan",
        "who": "Siti, Admin PPE",
        "when": "Kamis, 12 Maret 2026, 10.05 WITA",
        "late_note": "dicatat kemudian, pukul 14.10",
        "detail": "NIP berbeda.",
    }

    html = in_one_line(render_to_string("_timeline.html", {"entries": [entry]}))

    assert "<strong>Dikembalikan</strong> oleh Siti, Admin PPE" in html
    assert "Kamis, 12 Maret 2026, 10.05 WITA · dicatat kemudian, pukul 14.10" in html
    assert '<p class="timeline-reason">NIP berbeda.</p>' in html


def test_a_person_card_leaves_out_what_is_not_known() -> None:
    person = {
        "name": "Siti Contoh",
        "kind": "Verifikator",
        "number_label": "NIP",
        "number": "",
        "position": "",
        "unit": "",
        "email": "",
    }

    html = in_one_line(render_to_string("_person_card.html", {"person": person}))

    assert html == (
        '<article class="person"> <div class="person-head">'
        '<span class="person-name">Siti Contoh</span></div> '
        '<span class="person-line">Verifikator</span> </article>'
    )


def test_a_copy_button_names_what_it_copies() -> None:
    html = render_to_string("_copy_button.html", {"name": "NIP", "text": "197205282005021001"})

    assert 'data-copy-name="NIP" data-copy-text="197205282005021001"' in html
    assert '<span class="visually-hidden"> NIP</span>' in html
