"""The example cases, one for each state and each kind of trouble, from the oldest on."""

from collections.abc import Callable

from accounts_requests import workflow
from accounts_requests.outbox import Delivery
from accounts_requests.states import SigningMethod, SmtpStage

from .story import DAY, Story


def _clean_archive(story: Story) -> None:
    story.received(9 * DAY, people=2)
    story.for_initials(9 * DAY - 60)
    story.numbered(8 * DAY)
    story.issued(7 * DAY)
    story.ordered(7 * DAY - 15)
    story.claimed(7 * DAY - 20)
    story.created(7 * DAY - 50, 2)
    story.step3_done(7 * DAY - 55)
    story.sent(7 * DAY - 65)
    story.archived(7 * DAY - 70)


def _late_archive(story: Story) -> None:
    story.received(12 * DAY, people=2)
    story.for_initials(11 * DAY)
    story.issued(7 * DAY)
    story.ordered(6 * DAY)
    story.claimed(6 * DAY - 30, by="admin2")
    story.created(6 * DAY - 90, 1, refused=1)
    story.step3_done(6 * DAY - 95)
    story.sent(6 * DAY - 110)
    story.archived(6 * DAY - 140, unmet="Cetakan bukti pembuatan akun belum lengkap (contoh).")
    story.answered_for(4 * DAY)


def _cancelled(story: Story) -> None:
    story.received(5 * DAY, people=1)
    story.for_initials(5 * DAY - 30)
    with story.ago(4 * DAY):
        workflow.cancel(
            story.case,
            actor=story.staff["kepala"],
            reason="Personel berpindah tugas sebelum SK terbit (contoh).",
        )


def _ready_to_archive(story: Story) -> None:
    story.received(3 * DAY, people=2)
    story.for_initials(3 * DAY - 60)
    story.issued(2 * DAY)
    story.ordered(2 * DAY - 20)
    story.claimed(2 * DAY - 25)
    story.created(2 * DAY - 60, 2)
    story.step3_done(2 * DAY - 70)
    story.sent(45)


def _mail_trouble(story: Story) -> None:
    story.received(3 * DAY, people=3)
    story.for_initials(3 * DAY - 90)
    story.issued(DAY)
    story.ordered(DAY - 30)
    story.claimed(DAY - 35)
    story.created(60, 3)
    story.step3_done(40)
    story.sent(
        20,
        answers={
            2: Delivery(
                outcome="failed",
                stage=SmtpStage.ENVELOPE,
                code=550,
                answer="5.1.1 Mailbox does not exist (contoh)",
            ),
            3: Delivery(
                outcome="uncertain",
                stage=SmtpStage.FINAL_DOT,
                code=None,
                answer="Sambungan terputus setelah isi terkirim (contoh)",
            ),
        },
    )


def _ready_to_send(story: Story) -> None:
    story.received(2 * DAY, people=2)
    story.for_initials(2 * DAY - 60)
    story.issued(DAY)
    story.ordered(70)
    story.claimed(65)
    story.created(20, 2)
    story.step3_done(8)


def _half_done(story: Story) -> None:
    story.received(2 * DAY, people=12)
    story.for_initials(2 * DAY - 60)
    story.numbered(DAY)
    story.issued(60)
    story.ordered(37)
    story.claimed(35)
    story.created(5, 7)


def _unclaimed(story: Story) -> None:
    story.received(DAY, people=1)
    story.for_initials(DAY - 30)
    story.issued(40)
    story.ordered(12)


def _returned(story: Story) -> None:
    story.received(2 * DAY, people=2)
    story.for_initials(2 * DAY - 30)
    story.issued(100)
    story.ordered(90)
    story.claimed(80, by="admin2")
    with story.ago(70):
        workflow.return_to_head(
            story.case,
            actor=story.staff["admin2"],
            reason="Alamat e-mail personel nomor 2 tidak dapat dihubungi (contoh).",
        )
        story.deliver({})


def _at_signature(story: Story) -> None:
    story.received(3 * DAY - 60, people=2)
    story.for_initials(2 * DAY)
    story.numbered(DAY)


def _at_initials_outside(story: Story) -> None:
    story.received(DAY + 60, people=2, method=SigningMethod.CERTIFIED)
    story.for_initials(DAY)


def _draft(story: Story) -> None:
    story.received(90, people=3)


STORIES: dict[str, Callable[[Story], None]] = {
    "Akun LPSE untuk Dinas Kesehatan (contoh)": _clean_archive,
    "Akun LPSE untuk Dinas Pendidikan (contoh)": _late_archive,
    "Akun Helpdesk tambahan (contoh)": _cancelled,
    "Akun LPSE untuk Dinas Perhubungan (contoh)": _ready_to_archive,
    "Akun LPSE untuk Badan Keuangan Daerah (contoh)": _mail_trouble,
    "Akun Verifikator tahap kedua (contoh)": _ready_to_send,
    "Akun LPSE untuk seluruh perangkat daerah (contoh)": _half_done,
    "Akun Admin Agency kabupaten (contoh)": _unclaimed,
    "Akun LPSE untuk Dinas Sosial (contoh)": _returned,
    "Akun LPSE untuk Dinas Pariwisata (contoh)": _at_signature,
    "Akun LPSE untuk Sekretariat DPRD (contoh)": _at_initials_outside,
    "Akun LPSE untuk Inspektorat Daerah (contoh)": _draft,
}
