"""Whether the record allows that a Konsep SK goes to the office's e-sign service, or comes back."""

from accounts_requests import words
from accounts_requests.exceptions import AlreadyDone, NotAllowedNow
from accounts_requests.models import AccountRequest, SigningRequest
from accounts_requests.policies import check_papers_ready
from accounts_requests.signatures import service
from accounts_requests.states import CaseState, SigningMethod


def is_offered(request: AccountRequest) -> bool:
    """Does signing through the service concern this case now? For pages; asks no database."""
    return (
        service.is_on()
        and request.state == CaseState.DRAFT
        and request.people_locked_at is not None
        and request.signing_method == SigningMethod.CERTIFIED
    )


def check_offered(request: AccountRequest) -> None:
    """The office has a service, and this SK is to be signed electronically and locked for it."""
    if not service.is_on():
        raise NotAllowedNow(
            "Kantor ini tidak memakai layanan tanda tangan, sehingga tidak ada yang dikirim. Unduh "
            "Konsep SK, tandatangani, lalu unggah PDF-nya pada halaman penerbitan."
        )
    if request.signing_method != SigningMethod.CERTIFIED:
        raise NotAllowedNow(
            "SK permohonan ini tidak ditandatangani secara elektronik tersertifikasi, sehingga "
            "tidak ada yang dikirim ke layanan tanda tangan."
        )
    if request.people_locked_at is None:
        raise NotAllowedNow(
            "Konsep SK belum diajukan untuk paraf, sehingga isinya masih dapat berubah. Ajukan "
            "paraf terlebih dahulu, lalu kirim ke layanan tanda tangan."
        )


def check_can_send(request: AccountRequest, *, owed: int, failed: int) -> None:
    """The Konsep is as it will be signed, and none is on its way.

    A signed PDF takes no number any more. ``owed`` and ``failed`` as for ``check_papers_ready``.
    Raises NotAllowedNow, or AlreadyDone with who sent it and when.
    """
    check_offered(request)
    if sentence := lacks_number(request):
        raise NotAllowedNow(sentence)
    check_papers_ready(owed, failed)
    last = request.signing_requests.defer("signed_pdf").select_related("queued_by").last()
    if last is not None and last.is_open:
        raise AlreadyDone(
            f"Konsep SK ini telah dikirim ke layanan tanda tangan oleh "
            f"{last.queued_by.titled_name}, {words.instant(last.queued_at)} "
            f"(keadaan: {last.get_state_display().lower()}). Anda tidak perlu mengulanginya. Bila "
            "memang harus dikirim ulang, tarik kembali dahulu."
        )


def lacks_number(request: AccountRequest) -> str:
    """What must be entered before the Konsep can go, as a sentence; "" when all is there."""
    if request.decree_number and request.decree_date is not None:
        return ""
    return (
        "Nomor atau tanggal SK belum dicatat, sedangkan PDF yang sudah ditandatangani tidak dapat "
        "ditambahi. Catat nomor dan tanggal SK terlebih dahulu."
    )


def check_can_withdraw(found: SigningRequest | None) -> None:
    """There is a sending to take back. Raises NotAllowedNow, AlreadyDone."""
    if found is None:
        raise NotAllowedNow(
            "Tidak ada permintaan tanda tangan yang dapat ditarik kembali. Muat ulang halaman, "
            "lalu periksa keadaannya."
        )
    if not found.is_open:
        when = f", {words.instant(found.ended_at)}" if found.ended_at else ""
        raise AlreadyDone(
            f"Permintaan tanda tangan ini sudah berakhir: {found.get_state_display().lower()}"
            f"{when}. Anda tidak perlu mengulanginya."
        )
