"""The addresses of the application, in the words of its users."""

from django.urls import URLPattern, URLResolver, path, register_converter

from accounts_requests import (
    calendar_urls,
    reading_urls,
    report_urls,
    revision_urls,
    user_urls,
)
from accounts_requests.views import (
    accountability,
    accounts,
    amending,
    archive_file,
    archive_register,
    archiving,
    attachments,
    bounce,
    case,
    content_checks,
    deciding,
    delivering,
    destruction,
    deviations,
    documents,
    drafting,
    evidence,
    executing,
    health,
    home,
    late_entries,
    mending,
    outages,
    password_link,
    passwords,
    people,
    people_upload,
    register,
    sending,
    sent_outside,
    sign_in,
    signatures,
    signed_decree,
    signing,
    sop,
    stages,
    trust_anchors,
    typed_papers,
    verification,
)


class CaseNumberConverter:
    """A case's own number, ``P-2026-0001``: no other word of an address looks like it."""

    regex = r"P-[0-9]{4}-[0-9]{4,}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class AnswerNumberConverter(CaseNumberConverter):
    """An answer's own number, ``PJ-2026-0001``."""

    regex = r"PJ-[0-9]{4}-[0-9]{4,}"


class ProposalNumberConverter(CaseNumberConverter):
    """An *usul musnah*'s own number, ``UM-2026-0001``."""

    regex = r"UM-[0-9]{4}-[0-9]{4,}"


register_converter(CaseNumberConverter, "case")
register_converter(ProposalNumberConverter, "proposal")
register_converter(AnswerNumberConverter, "answer")

urlpatterns: list[URLPattern | URLResolver] = [
    # -- signing in, Beranda, registers, documents ---------------------------------------------
    # The names are allauth's, which asks for them.
    path("masuk/", sign_in.SignIn.as_view(), name="account_login"),
    path("masuk/faktor-kedua/", sign_in.SecondFactor.as_view(), name="mfa_authenticate"),
    path("keluar/", sign_in.SignOut.as_view(), name="account_logout"),
    path("", home.home, name="home"),
    path("denyut/", health.pulse, name="pulse"),
    path("healthz", health.healthz, name="healthz"),
    path("permohonan/", register.request_list, name="request_list"),
    path("permohonan/ekspor.xlsx", register.request_export, name="request_export"),
    path("dokumen/siapkan-kembali/", home.retry_papers, name="retry_papers"),
    path("dokumen/<uuid:public_id>/", documents.document, name="document"),
    path(
        "dokumen/<uuid:public_id>/tanda-tangan/",
        signatures.signature_checks,
        name="signature_checks",
    ),
    path("penyimpangan/", deviations.deviation_list, name="deviation_list"),
    path("penyimpangan/ekspor.xlsx", deviations.deviation_export, name="deviation_export"),
    path("penyimpangan/saya/", deviations.deviation_mine, name="deviation_mine"),
    path("penyimpangan/penilaian/", deviations.deviation_judging, name="deviation_judging"),
    path("penyimpangan/jawab/", accountability.deviation_answer, name="deviation_answer"),
    path(
        "penyimpangan/jawaban/<answer:answer>/",
        accountability.deviation_detail,
        name="deviation_detail",
    ),
    path("pemeriksaan-isi/", content_checks.content_checks, name="content_checks"),
    path("pemeriksaan-isi/dibaca/", content_checks.acknowledge, name="content_faults_read"),
    path("pemeriksaan-isi/lihat-lagi/", content_checks.look_again, name="content_faults_again"),
    # -- whom the office believes: kept by Pengelola Aplikasi --------------------------------------
    path("sertifikat-induk/", trust_anchors.anchors, name="trust_anchors"),
    path("sertifikat-induk/pasang/", trust_anchors.add, name="trust_anchor_add"),
    path("sertifikat-induk/pasang/buang/", trust_anchors.discard, name="trust_anchor_discard"),
    path(
        "sertifikat-induk/<int:anchor>/keluarkan/",
        trust_anchors.take_out,
        name="trust_anchor_take_out",
    ),
    # -- the archive: registers, one file, usul musnah --------------------------------------------
    path("arsip/", archive_register.archive, name="archive"),
    path("arsip/daftar-berkas.pdf", archive_register.archive_pdf, name="archive_pdf"),
    path("arsip/daftar-berkas.xlsx", archive_register.archive_xlsx, name="archive_xlsx"),
    path("arsip/pemusnahan/", destruction.destruction_list, name="destruction_list"),
    path("arsip/pemusnahan/usul/", destruction.destruction_propose, name="destruction_propose"),
    path("arsip/pemusnahan/<proposal:proposal>/", destruction.destruction, name="destruction"),
    path(
        "arsip/pemusnahan/<proposal:proposal>/berita-acara.pdf",
        destruction.destruction_paper,
        name="destruction_paper",
    ),
    path("arsip/<case:number>/", archive_file.archive_file, name="archive_file"),
    path("arsip/<case:number>/data/", archive_file.archive_data, name="archive_data"),
    path("arsip/<case:number>/pemindahan/", archive_file.archive_move, name="archive_move"),
    path(
        "arsip/<case:number>/daftar-isi.pdf",
        archive_file.archive_contents_pdf,
        name="archive_contents_pdf",
    ),
    path(
        "arsip/<case:number>/daftar-isi.xlsx",
        archive_file.archive_contents_xlsx,
        name="archive_contents_xlsx",
    ),
    path("sop/", sop.sheet, name="sop"),
    path("sop/<int:revision>/", sop.sheet, name="sop"),
    path("sop/<int:revision>/pdf/", sop.pdf, name="sop_pdf"),
    *reading_urls.urlpatterns,
    *revision_urls.urlpatterns,
    *calendar_urls.urlpatterns,
    *report_urls.urlpatterns,
    *user_urls.urlpatterns,
    path("gangguan/", outages.outage_list, name="outage_list"),
    path("gangguan/catat/", outages.outage_declare, name="outage_declare"),
    path("gangguan/<int:outage_pk>/", outages.outage_detail, name="outage"),
    # -- public: the one-time link to a password ------------------------------------------------
    path("password/<str:token>/", password_link.password_link, name="password_link"),
    # -- public: is a paper genuine? -----------------------------------------------------------
    path("verifikasi/", verification.verification_page, name="verification"),
    path("verifikasi/<str:code>/", verification.verification_paper, name="verification_paper"),
    # -- a case as the SOP sheet ----------------------------------------------------------------
    path("permohonan/<case:number>/", case.request_detail, name="request_detail"),
    path("permohonan/<case:number>/berkas-bukti/", evidence.evidence, name="request_evidence"),
    path("permohonan/<case:number>/salinan-cetak/", documents.print_copy, name="print_copy"),
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
    path(
        "permohonan/<case:number>/kirim/<int:position>/luar-sistem/",
        sent_outside.sent_outside,
        name="sent_outside",
    ),
    path(
        "permohonan/<case:number>/kirim/<int:position>/kembali/",
        bounce.bounce,
        name="bounce",
    ),
    path("permohonan/<case:number>/arsipkan/", archiving.archive_case, name="archive_case"),
    path(
        "permohonan/<case:number>/arsipkan/dokumen/",
        archiving.archive_papers,
        name="archive_papers",
    ),
    # -- entered later than it happened (pencatatan susulan) --------------------------------------
    path("permohonan/<case:number>/susulan/", late_entries.late_entry, name="late_entry"),
    path(
        "permohonan/<case:number>/susulan/prakiraan/",
        late_entries.late_entry_effect,
        name="late_entry_effect",
    ),
    path(
        "permohonan/<case:number>/susulan/<int:entry>/",
        late_entries.late_entry_decide,
        name="late_entry_decide",
    ),
    path(
        "permohonan/<case:number>/susulan/<int:entry>/konfirmasi/",
        late_entries.late_entry_confirm,
        name="late_entry_confirm",
    ),
    path(
        "permohonan/<case:number>/susulan/<int:entry>/tolak/",
        late_entries.late_entry_refuse,
        name="late_entry_refuse",
    ),
    # -- drafting and deciding (steps 1 and 2) -----------------------------------------------------
    path("permohonan/baru/", drafting.request_new, name="request_new"),
    path(
        "permohonan/templat-personel.xlsx",
        people_upload.people_template_file,
        name="people_template",
    ),
    path("permohonan/<case:number>/konsep/", drafting.draft_edit, name="draft_edit"),
    path(
        "permohonan/<case:number>/untuk-ditandatangani/",
        signed_decree.for_signing,
        name="decree_for_signing",
    ),
    path("permohonan/<case:number>/layanan-tanda-tangan/", signing.signing, name="signing"),
    path(
        "permohonan/<case:number>/layanan-tanda-tangan/kirim/",
        signing.signing_send,
        name="signing_send",
    ),
    path(
        "permohonan/<case:number>/layanan-tanda-tangan/tarik/",
        signing.signing_withdraw,
        name="signing_withdraw",
    ),
    path("permohonan/<case:number>/pratinjau-sk/", drafting.decree_preview, name="decree_preview"),
    path(
        "permohonan/<case:number>/pratinjau-sk/ketikan/",
        typed_papers.decree_typed,
        name="decree_typed",
    ),
    path("permohonan/baru/ketikan/", typed_papers.new_decree_typed, name="new_decree_typed"),
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
    path(
        "permohonan/<case:number>/berkas-lengkap/",
        stages.declare_complete,
        name="declare_complete",
    ),
    path("permohonan/<case:number>/buka-kunci/", stages.unlock, name="unlock"),
    path("permohonan/<case:number>/tahap/", stages.stage_complete, name="stage_complete"),
    path("permohonan/<case:number>/nomor/", stages.decree_number, name="decree_number"),
    path("permohonan/<case:number>/terbitkan/", deciding.issue, name="issue"),
    path("permohonan/<case:number>/perintahkan/", deciding.order, name="order"),
    path(
        "permohonan/<case:number>/perintahkan/ketikan/",
        typed_papers.order_typed,
        name="order_typed",
    ),
    path("permohonan/<case:number>/batalkan/", deciding.cancel, name="cancel"),
    path("permohonan/<case:number>/dokumen-sk/", amending.amend_decree, name="amend_decree"),
    path("permohonan/<case:number>/perbaiki/<int:position>/", mending.mend, name="mend"),
]
