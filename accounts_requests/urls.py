"""The addresses of the application, in the words of its users."""

from django.urls import URLPattern, URLResolver, path, register_converter

from accounts_requests.views import (
    accounts,
    archive_register,
    archiving,
    attachments,
    case,
    deciding,
    delivering,
    documents,
    drafting,
    executing,
    home,
    mending,
    passwords,
    people,
    people_upload,
    register,
    sending,
    sign_in,
    sop,
    stages,
)


class CaseNumberConverter:
    """A case's own number, ``P-2026-0001``: no other word of an address looks like it."""

    regex = r"P-[0-9]{4}-[0-9]{4,}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(CaseNumberConverter, "case")

urlpatterns: list[URLPattern | URLResolver] = [
    # -- signing in, Beranda, registers, documents ---------------------------------------------
    path("masuk/", sign_in.SignIn.as_view(), name="sign_in"),
    path("keluar/", sign_in.SignOut.as_view(), name="sign_out"),
    path("", home.home, name="home"),
    path("permohonan/", register.request_list, name="request_list"),
    path("permohonan/ekspor.xlsx", register.request_export, name="request_export"),
    path("dokumen/<uuid:public_id>/", documents.document, name="document"),
    path("arsip/", archive_register.archive, name="archive"),
    path("sop/", sop.sheet, name="sop"),
    path("sop/<int:revision>/", sop.sheet, name="sop"),
    path("sop/<int:revision>/pdf/", sop.pdf, name="sop_pdf"),
    # -- a case as the SOP sheet ----------------------------------------------------------------
    path("permohonan/<case:number>/", case.request_detail, name="request_detail"),
    path("permohonan/<case:number>/langsung/", case.request_live, name="request_live"),
    path("permohonan/<case:number>/dibuka/", case.request_seen, name="request_seen"),
    path(
        "permohonan/<case:number>/langkah/<int:step>/tenggat/",
        case.request_basis,
        name="request_basis",
    ),
    # -- Admin PPE: task, step 3 (accounts), step 4 (e-mail), step 5 (archive) -------------------
    path("permohonan/<case:number>/ambil/", executing.claim, name="claim"),
    path("permohonan/<case:number>/ambil-alih/", executing.take_over, name="take_over"),
    path("permohonan/<case:number>/kembalikan/", executing.return_to_head, name="return_to_head"),
    path("permohonan/<case:number>/akun/", accounts.accounts, name="accounts"),
    path(
        "permohonan/<case:number>/akun/<int:position>/",
        accounts.account_entry,
        name="account_entry",
    ),
    path(
        "permohonan/<case:number>/akun/<int:position>/password/",
        passwords.password_reveal,
        name="password_reveal",
    ),
    path(
        "permohonan/<case:number>/akun/<int:position>/password-baru/",
        passwords.password_new,
        name="password_new",
    ),
    path("permohonan/<case:number>/kirim/", sending.send, name="send"),
    path("permohonan/<case:number>/kirim/perkembangan/", sending.send_board, name="send_board"),
    path(
        "permohonan/<case:number>/kirim/<int:position>/pratinjau/",
        sending.message_preview,
        name="message_preview",
    ),
    path(
        "permohonan/<case:number>/kirim/<int:position>/",
        delivering.delivery,
        name="delivery",
    ),
    path("permohonan/<case:number>/arsipkan/", archiving.archive_case, name="archive_case"),
    path(
        "permohonan/<case:number>/arsipkan/dokumen/",
        archiving.archive_papers,
        name="archive_papers",
    ),
    # -- drafting and deciding (steps 1 and 2) -----------------------------------------------------
    path("permohonan/baru/", drafting.request_new, name="request_new"),
    path(
        "permohonan/templat-personel.xlsx",
        people_upload.people_template_file,
        name="people_template",
    ),
    path("permohonan/<case:number>/konsep/", drafting.draft_edit, name="draft_edit"),
    path("permohonan/<case:number>/pratinjau-sk/", drafting.decree_preview, name="decree_preview"),
    path("permohonan/<case:number>/personel/", people.people, name="people"),
    path("permohonan/<case:number>/personel/tambah/", people.person_add, name="person_add"),
    path(
        "permohonan/<case:number>/personel/<int:position>/", people.person_edit, name="person_edit"
    ),
    path(
        "permohonan/<case:number>/personel/<int:position>/hapus/",
        people.person_remove,
        name="person_remove",
    ),
    path(
        "permohonan/<case:number>/personel/unggah/",
        people_upload.people_upload,
        name="people_upload",
    ),
    path(
        "permohonan/<case:number>/personel/unggah/ambil/",
        people_upload.people_import,
        name="people_import",
    ),
    path(
        "permohonan/<case:number>/personel/unggah/buang/",
        people_upload.people_discard,
        name="people_discard",
    ),
    path(
        "permohonan/<case:number>/unggahan/<uuid:public_id>/",
        people_upload.staged_download,
        name="staged_download",
    ),
    path("permohonan/<case:number>/lampiran/", attachments.attachments, name="attachments"),
    path(
        "permohonan/<case:number>/lampiran/<uuid:public_id>/lepas/",
        attachments.attachment_remove,
        name="attachment_remove",
    ),
    path(
        "permohonan/<case:number>/ajukan-paraf/",
        stages.submit_for_initials,
        name="submit_for_initials",
    ),
    path("permohonan/<case:number>/dokumen-paraf/", stages.papers_progress, name="papers_progress"),
    path("permohonan/<case:number>/buka-kunci/", stages.unlock, name="unlock"),
    path("permohonan/<case:number>/tahap/", stages.stage_complete, name="stage_complete"),
    path("permohonan/<case:number>/nomor/", stages.decree_number, name="decree_number"),
    path("permohonan/<case:number>/terbitkan/", deciding.issue, name="issue"),
    path("permohonan/<case:number>/perintahkan/", deciding.order, name="order"),
    path("permohonan/<case:number>/batalkan/", deciding.cancel, name="cancel"),
    path("permohonan/<case:number>/perbaiki/<int:position>/", mending.mend, name="mend"),
]
