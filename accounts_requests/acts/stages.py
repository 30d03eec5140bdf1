"""The stages inside step 1: one after the other in the office's order, and back to the concept."""

from accounts_requests import papers, policies
from accounts_requests.exceptions import NotAllowedNow
from accounts_requests.models import AccountRequest, Office, StageRun, User
from accounts_requests.repeats import refuse_repeated
from accounts_requests.states import Act, DocumentKind, Stage

from .gate import Acting, acting, required_reason
from .signing import let_go


def unlock_people(request: AccountRequest, *, actor: User, reason: str) -> None:
    """Back to the concept stage with a reason; the Formulir will be rendered anew."""
    reason = required_reason(reason, "membuka kunci")
    with acting(Act.UNLOCK, request, actor=actor) as case:
        policies.check_locked(case.request, actor)
        case.request.people_locked_at = None
        let_go(case, because="Kunci personel dibuka, sehingga isi Konsep dapat berubah.")
        papers.supersede(case.request, (DocumentKind.FORM, DocumentKind.DECREE_CONCEPT), at=case.at)
        enter_stage(case, Stage.CONCEPT, note=reason)
        case.request.notes.create(
            at=case.at, by=actor, text=f"Kunci personel dibuka kembali: {reason}"
        )
        case.summary = f"Kunci personel dibuka dengan alasan: {reason}"


def complete_stage(request: AccountRequest, *, actor: User, note: str = "", seen: str = "") -> None:
    """The present stage (paraf, nomor) is done; the next one of the office's order begins.

    ``seen`` is the stage that the page was about: a second press ends no second stage.
    """
    with acting(Act.ADVANCE_STAGE, request, actor=actor) as case:
        stage = Stage(case.request.stage)
        if seen and seen != stage:
            refuse_repeated(Act.ADVANCE_STAGE, case.request, actor)
            raise NotAllowedNow(
                f"Tahap yang sedang berjalan adalah {stage.label.lower()}; tidak ada yang diubah. "
                "Muat ulang halaman konsep, lalu periksa tahapnya."
            )
        if stage == Stage.CONCEPT:
            raise NotAllowedNow("Tahap konsep selesai dengan mengajukan paraf.")
        if stage == Stage.SIGNATURE:
            raise NotAllowedNow("Tahap tanda tangan selesai dengan menerbitkan SK.")
        next_stage(case, note=note)
        case.summary = f"Tahap {stage.label.lower()} selesai."


def next_stage(case: Acting, *, note: str = "") -> None:
    """End the present stage and begin the one that follows in the office's order."""
    order = [Stage(name) for name in Office.current().stage_order]
    following = order[order.index(Stage(case.request.stage)) + 1]
    enter_stage(case, following, note=note)


def enter_stage(case: Acting, stage: Stage, *, note: str) -> None:
    """End the present stage, with ``note``, and begin ``stage``. The caller saves the case."""
    case.request.stage_runs.filter(until__isnull=True).update(
        until=case.at, finished_by=case.actor, note=note
    )
    StageRun.objects.create(request=case.request, stage=stage, since=case.at)
    case.request.stage = stage
