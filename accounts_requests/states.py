"""The vocabulary of states: what a case, an account, a message and a document can be.

Imports nothing of ours. Groups of states live here, beside the states they group, so that no
other module spells them out again.
"""

from django.db.models import TextChoices


class CaseState(TextChoices):
    """Where a case stands in the SOP (the five activities, and the way out)."""

    DRAFT = "draft", "Konsep"
    DECREE_ISSUED = "decree_issued", "SK terbit"
    ORDERED = "ordered", "Diperintahkan"
    ACCOUNTS_CREATED = "accounts_created", "Akun dibuat"
    EMAIL_SENT = "email_sent", "E-mail terkirim"
    ARCHIVED = "archived", "Diarsipkan"
    CANCELLED = "cancelled", "Dibatalkan"


OPEN_STATES = (
    CaseState.DRAFT,
    CaseState.DECREE_ISSUED,
    CaseState.ORDERED,
    CaseState.ACCOUNTS_CREATED,
    CaseState.EMAIL_SENT,
)
CLOSED_STATES = (CaseState.ARCHIVED, CaseState.CANCELLED)
# Kepala LPSE's decree exists and can be read.
DECREED_STATES = (
    CaseState.DECREE_ISSUED,
    CaseState.ORDERED,
    CaseState.ACCOUNTS_CREATED,
    CaseState.EMAIL_SENT,
    CaseState.ARCHIVED,
)

# The step (number of the SOP's activity) that is running in each open state.
RUNNING_STEP: dict[str, int] = {
    CaseState.DRAFT: 1,
    CaseState.DECREE_ISSUED: 2,
    CaseState.ORDERED: 3,
    CaseState.ACCOUNTS_CREATED: 4,
    CaseState.EMAIL_SENT: 5,
}


class Stage(TextChoices):
    """The stages inside step 1, timed without a limit of their own."""

    CONCEPT = "concept", "Konsep"
    INITIALS = "initials", "Paraf"
    NUMBER = "number", "Nomor"
    SIGNATURE = "signature", "Tanda tangan"


class SigningMethod(TextChoices):
    """How the decree is signed; chosen before it is rendered (PP 71/2019 art. 60)."""

    IN_APP = "in_app", "Persetujuan di dalam aplikasi"
    CERTIFIED = "certified", "Tanda tangan elektronik tersertifikasi (BSrE), PDF diunggah kembali"
    INK = "ink", "Tanda tangan basah, hasil pindai diunggah"


EXTERNAL_SIGNING = (SigningMethod.CERTIFIED, SigningMethod.INK)


class AccountKind(TextChoices):
    """The kinds of SPSE account that the SOP's title covers, and one that is switched off."""

    VERIFIKATOR = "verifikator", "Verifikator"
    HELPDESK = "helpdesk", "Helpdesk"
    ADMIN_AGENCY = "admin_agency", "Admin Agency"
    AUDITOR = "auditor", "Auditor/Pemeriksa"


class Employment(TextChoices):
    """How a person is employed; decides which number the Formulir asks for."""

    PNS = "pns", "PNS"
    CPNS = "cpns", "CPNS"
    PPPK = "pppk", "PPPK"
    NON_ASN = "non_asn", "Non-ASN"


ASN = (Employment.PNS, Employment.CPNS, Employment.PPPK)


class RequestKind(TextChoices):
    """What a Formulir asks for; only NEW is inside this SOP."""

    NEW = "new", "Baru"
    RENEW = "renew", "Perpanjangan (di luar SOP ini)"
    REACTIVATE = "reactivate", "Pengaktifan kembali (di luar SOP ini)"
    CHANGE = "change", "Perubahan data (di luar SOP ini)"
    DEACTIVATE = "deactivate", "Penonaktifan (di luar SOP ini)"


class AccountState(TextChoices):
    """The small state machine of each account."""

    PENDING = "pending", "Belum dibuat"
    CREATED = "created", "Dibuat di SPSE"
    REFUSED = "refused", "Tidak dapat dibuat"
    POSTPONED = "postponed", "Ditunda"
    QUEUED = "queued", "E-mail dalam antrean"
    ACCEPTED = "accepted", "Diterima server e-mail"
    FAILED = "failed", "E-mail ditolak"
    UNCERTAIN = "uncertain", "E-mail tidak pasti"
    HANDED_OVER = "handed_over", "Diserahkan dengan cara lain"
    NOT_DELIVERED = "not_delivered", "Tidak dapat diserahkan"
    SENT_OUTSIDE = "sent_outside", "Dikirim dari luar sistem"


# Step 3 closes when every account has one of these outcomes.
STEP3_OUTCOMES = (AccountState.CREATED, AccountState.REFUSED, AccountState.POSTPONED)
# No account exists in SPSE for these: nothing is to be mailed.
WITHOUT_ACCOUNT = (AccountState.REFUSED, AccountState.POSTPONED)
# Step 3 has left none in SPSE (yet); every other state is that of one which exists there.
NOT_CREATED = (AccountState.PENDING, *WITHOUT_ACCOUNT)
# Step 4 closes when every created account is in one of these.
STEP4_SETTLED = (
    AccountState.ACCEPTED,
    AccountState.HANDED_OVER,
    AccountState.NOT_DELIVERED,
    AccountState.SENT_OUTSIDE,
)
# Step 4 waits for a person's decision on these.
STEP4_NEEDS_A_PERSON = (AccountState.FAILED, AccountState.UNCERTAIN)
# A message is on its way to the person, or needs somebody's decision; also after archiving.
ON_THE_WAY = (AccountState.QUEUED, *STEP4_NEEDS_A_PERSON)


class MessageState(TextChoices):
    """How far a message is; only the mail server's or a person's answer settles it."""

    QUEUED = "queued", "Dalam antrean"
    SENDING = "sending", "Sedang dikirim"
    ACCEPTED = "accepted", "Diterima server e-mail"
    FAILED = "failed", "Ditolak"
    UNCERTAIN = "uncertain", "Tidak pasti"
    WITHDRAWN = "withdrawn", "Ditarik sebelum dikirim"


UNSENT_MESSAGES = (MessageState.QUEUED, MessageState.SENDING)


class MessageKind(TextChoices):
    """What a message is about; only CREDENTIALS carries a secret, and only while it is sent."""

    CREDENTIALS = "credentials", "Informasi akun"
    ORDER_NOTICE = "order_notice", "Pemberitahuan perintah"
    TAKE_OVER_NOTICE = "take_over_notice", "Pemberitahuan pengambilalihan"
    RETURN_NOTICE = "return_notice", "Pemberitahuan pengembalian"
    COMPLETION_NOTICE = "completion_notice", "Pemberitahuan penyelesaian"
    ANCHOR_NOTICE = "anchor_notice", "Tambatan jejak audit"
    DEADLINE_WARNING = "deadline_warning", "Peringatan tenggat"
    DEADLINE_PASSED = "deadline_passed", "Tenggat terlewati"
    LATE_ENTRY_PROPOSED = "late_entry_proposed", "Usulan pencatatan susulan"
    LATE_ENTRY_DECIDED = "late_entry_decided", "Keputusan pencatatan susulan"
    LATE_ENTRY_RECORDED = "late_entry_recorded", "Pencatatan susulan oleh Kepala LPSE"
    DEVIATION_REMINDER = "deviation_reminder", "Pengingat penyimpangan"
    CONTENT_ALARM = "content_alarm", "Isi dokumen tidak utuh"


class SmtpStage(TextChoices):
    """How far a conversation with the mail server came."""

    NONE = "", "—"
    CONNECT = "connect", "Menghubungi server"
    ENVELOPE = "envelope", "Menyebut pengirim dan penerima"
    DATA = "data", "Mengirim isi"
    FINAL_DOT = "final_dot", "Isi terkirim, menunggu jawaban"
    ANSWERED = "answered", "Server telah menjawab"


class DocumentKind(TextChoices):
    """Every paper of a case."""

    DECREE_CONCEPT = "decree_concept", "Konsep SK"
    DECREE = "decree", "SK"
    DECREE_CORRECTION = "decree_correction", "Ralat SK"
    DECREE_AMENDMENT = "decree_amendment", "Perubahan SK"
    DECREE_REVOCATION = "decree_revocation", "Pencabutan SK"
    FORM = "form", "Formulir"
    ORDER = "order", "Surat Perintah"
    ORDER_MEMO = "order_memo", "Nota Dinas"
    ACCOUNT_SHEET = "account_sheet", "Lembar Pembuatan Akun"
    MAIL_PROOF = "mail_proof", "Bukti Pengiriman E-mail"
    CONTROL_SHEET = "control_sheet", "Lembar Kendali"
    ARCHIVE_FILE = "archive_file", "Berkas Arsip"
    SCAN = "scan", "Hasil pindai"
    HAND_OVER_PROOF = "hand_over_proof", "Bukti penyerahan"
    OUTSIDE_PROOF = "outside_proof", "Bukti e-mail dari luar sistem"
    LATE_EVIDENCE = "late_evidence", "Bukti pencatatan susulan"
    BOUNCE_PROOF = "bounce_proof", "Bukti pesan kembali"
    BOUNCE_SHEET = "bounce_sheet", "Catatan Pesan Kembali"
    RESEND_PROOF = "resend_proof", "Bukti Pengiriman Ulang E-mail"
    ANSWER_SHEET = "answer_sheet", "Lembar Pertanggungjawaban Penyimpangan"
    ANSWER_PROOF = "answer_proof", "Bukti pertanggungjawaban"
    JUDGEMENT_PAPER = "judgement_paper", "Surat penilaian"


# Papers about an issued SK, each with a number and a date of its own: an SK is never edited.
ABOUT_THE_DECREE = (
    DocumentKind.DECREE_CORRECTION,
    DocumentKind.DECREE_AMENDMENT,
    DocumentKind.DECREE_REVOCATION,
)


class DocumentState(TextChoices):
    """A document is owed until it is rendered; once stored it never changes."""

    OWED = "owed", "Sedang disiapkan"
    STORED = "stored", "Tersimpan"
    FAILED = "failed", "Gagal disiapkan"


class SignatureVerdict(TextChoices):
    """What a check says of the certified signatures on a PDF that is as it was signed."""

    TRUSTED = "trusted", "Utuh dan tepercaya"
    UNANCHORED = "unanchored", "Utuh; rantai sertifikat tidak dapat diperiksa"
    DOUBTFUL = "doubtful", "Utuh, dengan hal yang meragukan"


class Aspect(TextChoices):
    """The three aspects of Peringatan 2 of the SOP; there are no others."""

    EQUIPMENT = "perlengkapan", "Perlengkapan"
    TIME = "waktu", "Waktu"
    OUTPUT = "output", "Output"


class Verdict(TextChoices):
    """What the superior says of an answer to a deviation."""

    ACCEPTED = "accepted", "Diterima"
    RETURNED = "returned", "Dikembalikan"
    NO_DEVIATION = "no_deviation", "Bukan penyimpangan"


# After these an answer's sheet is stored; a correction is possible, and is a further record.
FINAL_VERDICTS = (Verdict.ACCEPTED, Verdict.NO_DEVIATION)


class DeviationState(TextChoices):
    """How a deviation stands: derived from its latest answer and that one's latest judgement.

    A lateness runs while its step does, and may turn out to be none (``LatenessOutcome``).
    """

    RUNNING = "running", "Masih berjalan"
    UNANSWERED = "unanswered", "Belum dijawab"
    WAITING = "waiting", "Menunggu penilaian"
    RETURNED = "returned", "Dikembalikan"
    ACCEPTED = "accepted", "Diterima"
    NO_DEVIATION = "no_deviation", "Bukan penyimpangan"
    LIFTED = "lifted", "Tidak lagi melewati tenggat"
    TRIAL = "trial", "Masa uji coba: dicatat, tidak dinilai"


# The responsible person owes an answer; and: nobody can say yet that it is answered for.
OWED_DEVIATIONS = (DeviationState.UNANSWERED, DeviationState.RETURNED)
OPEN_DEVIATIONS = (DeviationState.RUNNING, *OWED_DEVIATIONS, DeviationState.WAITING)
# On record, and found to be none: counted apart, and nothing that keeps a case from being clean.
VOID_DEVIATIONS = (DeviationState.NO_DEVIATION, DeviationState.LIFTED)


class LatenessOutcome(TextChoices):
    """How a lateness ended that was recorded while its step was still running."""

    ENDED = "ended", "Langkah selesai"
    LIFTED = "lifted", "Tidak lagi melewati tenggat"


class Act(TextChoices):
    """Every act that the gate knows; also the audit trail's vocabulary."""

    CREATE = "create", "Membuat permohonan"
    EDIT = "edit", "Mengubah data SK"
    ADD_REGISTRANT = "add_registrant", "Menambah personel"
    EDIT_REGISTRANT = "edit_registrant", "Mengubah personel"
    REMOVE_REGISTRANT = "remove_registrant", "Menghapus personel"
    IMPORT_REGISTRANTS = "import_registrants", "Mengambil personel dari XLSX"
    ATTACH = "attach", "Melampirkan hasil pindai"
    DETACH = "detach", "Melepas lampiran"
    SUBMIT_FOR_INITIALS = "submit_for_initials", "Mengajukan paraf"
    UNLOCK = "unlock", "Membuka kunci personel"
    ADVANCE_STAGE = "advance_stage", "Menyelesaikan tahap"
    SET_NUMBER = "set_number", "Mencatat nomor SK"
    ISSUE_DECREE = "issue_decree", "Menerbitkan SK"
    MEND_REGISTRANT = "mend_registrant", "Memperbaiki data personel"
    AMEND_DECREE = "amend_decree", "Mencatat ralat, perubahan, atau pencabutan SK"
    CHECK_SIGNATURE = "check_signature", "Memeriksa kembali tanda tangan SK"
    SEND_FOR_SIGNING = "send_for_signing", "Mengirim Konsep ke layanan tanda tangan"
    WITHDRAW_SIGNING = "withdraw_signing", "Menarik permintaan tanda tangan"
    ANSWER_SIGNING = "answer_signing", "Menerima jawaban layanan tanda tangan"
    ORDER = "order", "Memerintahkan pembuatan akun"
    RETURN = "return", "Mengembalikan"
    CANCEL = "cancel", "Membatalkan"
    CLAIM = "claim", "Mengambil tugas"
    TAKE_OVER = "take_over", "Mengambil alih"
    REVEAL = "reveal", "Menampilkan password"
    NEW_PASSWORD = "new_password", "Membuat password baru"
    RECORD_ACCOUNT = "record_account", "Mencatat hasil akun"
    RECORD_ACCOUNTS = "record_accounts", "Menyelesaikan pembuatan akun"
    SEND = "send", "Mengantrekan e-mail"
    SETTLE = "settle", "Menerima jawaban server e-mail"
    RESEND = "resend", "Mengirim ulang dengan password baru"
    HAND_OVER = "hand_over", "Mencatat penyerahan dengan cara lain"
    NOT_DELIVERED = "not_delivered", "Mencatat tidak dapat diserahkan"
    COMPLETE_SENDING = "complete_sending", "Menyelesaikan pengiriman e-mail"
    ARCHIVE = "archive", "Mengarsipkan berkas"
    SIGN_IN = "sign_in", "Masuk"
    SIGN_OUT = "sign_out", "Keluar"
    SIGN_IN_FAILED = "sign_in_failed", "Gagal masuk"
    SETTINGS = "settings", "Mengubah pengaturan"
    STORE_DOCUMENT = "store_document", "Menyimpan dokumen"
    OPEN_STEP = "open_step", "Membuka langkah"
    OPEN_LINK = "open_link", "Membuka tautan sekali pakai"
    EXPIRE_PASSWORD = "expire_password", "Memusnahkan password"
    EXPORT = "export", "Mengunduh data"
    MONITOR = "monitor", "Menilai penerapan SOP"
    INVITE = "invite", "Membuat tautan masuk"
    ACCEPT_INVITATION = "accept_invitation", "Memakai tautan masuk"
    SUSPEND = "suspend", "Menonaktifkan pengguna"
    REACTIVATE = "reactivate", "Mengaktifkan pengguna kembali"
    APPOINT = "appoint", "Menetapkan peran"
    SECOND_FACTOR = "second_factor", "Mengubah faktor kedua"
    CHANGE_PASSWORD = "change_password", "Mengganti password masuk"
    END_SESSION = "end_session", "Mengakhiri sesi"
    SEAL = "seal", "Menyegel catatan"
    ANCHOR = "anchor", "Menambatkan jejak audit"
    BACK_UP = "back_up", "Membuat cadangan"
    RESTORE = "restore", "Memulihkan dari cadangan"
    ADOPT_CALENDAR = "adopt_calendar", "Memberlakukan kalender"
    MOVE_DEADLINE = "move_deadline", "Menggeser tenggat"
    WARN = "warn", "Memperingatkan tenggat"
    DECLARE_COMPLETE = "declare_complete", "Menyatakan berkas lengkap"
    DRAFT_READING = "draft_reading", "Menyusun lembar penafsiran"
    APPROVE_READING = "approve_reading", "Mengesahkan lembar penafsiran"
    WITHDRAW_READING = "withdraw_reading", "Menarik lembar penafsiran"
    DRAFT_REVISION = "draft_revision", "Menyusun revisi SOP"
    APPROVE_REVISION = "approve_revision", "Mengesahkan revisi SOP"
    WITHDRAW_REVISION = "withdraw_revision", "Menarik revisi SOP"
    DECLARE_OUTAGE = "declare_outage", "Mencatat gangguan"
    PROPOSE_LATE_ENTRY = "propose_late_entry", "Mengajukan pencatatan susulan"
    CONFIRM_LATE_ENTRY = "confirm_late_entry", "Mengonfirmasi pencatatan susulan"
    REFUSE_LATE_ENTRY = "refuse_late_entry", "Menolak pencatatan susulan"
    RECORD_LATE_ENTRY = "record_late_entry", "Mencatat tindakan sendiri secara susulan"
    SENT_OUTSIDE = "sent_outside", "Mencatat e-mail di luar sistem"
    ANSWER_DEVIATION = "answer_deviation", "Mempertanggungjawabkan penyimpangan"
    JUDGE_DEVIATION = "judge_deviation", "Menilai pertanggungjawaban"
    REMIND_DEVIATIONS = "remind_deviations", "Mengingatkan penyimpangan"
    ASK_EVIDENCE = "ask_evidence", "Meminta paket bukti"
    HAND_OVER_EVIDENCE = "hand_over_evidence", "Menyusun paket bukti"
    EDIT_QUESTIONNAIRE = "edit_questionnaire", "Menyusun kuesioner evaluasi"
    ADOPT_QUESTIONNAIRE = "adopt_questionnaire", "Memberlakukan kuesioner evaluasi"
    CHECK_CONTENTS = "check_contents", "Memeriksa isi dokumen"
    DESCRIBE_FILE = "describe_file", "Mengubah data kearsipan"
    MOVE_FILE = "move_file", "Memindahkan berkas"
    PROPOSE_DESTRUCTION = "propose_destruction", "Mengusulkan pemusnahan berkas"
    DECIDE_DESTRUCTION = "decide_destruction", "Memutuskan usul musnah"
    RECORD_BOUNCE = "record_bounce", "Mencatat pesan yang kembali"
    PASS_DEADLINE = "pass_deadline", "Mencatat tenggat terlewati"
    LIFT_LATENESS = "lift_lateness", "Mencatat tidak lagi melewati tenggat"


# The acts that may be entered later than they happened, with the step of the SOP that each ends
# (or, for taking the task, belongs to). Not among them: mail, whose instants are the server's own.
LATE_STEP_OF: dict[str, int] = {
    Act.ISSUE_DECREE: 1,
    Act.ORDER: 2,
    Act.CLAIM: 3,
    Act.RECORD_ACCOUNTS: 3,
    Act.ARCHIVE: 5,
}
