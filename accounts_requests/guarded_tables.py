"""Which tables are append-only and what may not happen to their rows, as data.

The conditions are plain SQL that both databases read the same way.
"""

from accounts_requests.archive_rails import ARCHIVE_RAILS
from accounts_requests.models import (
    AnsweredDeviation,
    Attestation,
    AuditAnchor,
    AuditChain,
    AuditEntry,
    Bounce,
    CalendarVersion,
    CaseNote,
    ContentFault,
    ContentFaultSeen,
    DeadlineVersion,
    Deviation,
    DeviationAnswer,
    DeviationJudgement,
    DeviationShare,
    Document,
    DocumentContent,
    EvidenceHandOver,
    EvidencePackage,
    LateEntry,
    LatenessEnd,
    Monitoring,
    Outage,
    Questionnaire,
    Reading,
    RecordSeal,
    SignatureCheck,
    StageRun,
    StepRun,
    StepRunHolding,
    StepRunPause,
)
from accounts_requests.office_rails import OFFICE_RAILS
from accounts_requests.rail import BEGUN, NEVER, Rail, differs, only_from_null

RAILS: tuple[Rail, ...] = (
    Rail(
        model=AuditEntry,
        name="entri jejak audit",
        updates=NEVER,
        unique=((("sequence",), ""), (("hash",), "")),
    ),
    Rail(
        model=AuditChain,
        name="kepala rantai jejak audit",
        updates=(
            (
                # By more than one: an act on many cases adds an entry for each (``audit_many``).
                "NEW.count <= OLD.count OR NEW.head = OLD.head OR OLD.id <> NEW.id",
                "hanya boleh maju",
            ),
        ),
    ),
    Rail(
        model=RecordSeal,
        name="segel",
        updates=(
            (
                (
                    f"{differs('id', 'record', 'request_id')} OR NEW.sequence <= OLD.sequence "
                    "OR NOT (OLD.record LIKE 'step_run_open:%' OR OLD.record LIKE 'stage_run:%')"
                ),
                "hanya boleh diperbarui untuk langkah yang masih berjalan",
            ),
        ),
        unique=((("record",), ""),),
    ),
    Rail(model=AuditAnchor, name="tambatan jejak audit", updates=NEVER, unique=((("day",), ""),)),
    Rail(
        model=CalendarVersion,
        name="versi kalender",
        updates=NEVER,
        unique=((("number",), ""),),
    ),
    Rail(
        model=DeadlineVersion,
        name="versi tenggat",
        updates=NEVER,
        unique=((("step_run_id", "number"), ""),),
    ),
    Rail(model=Deviation, name="penyimpangan", updates=NEVER, unique=((("key",), ""),)),
    Rail(
        model=Bounce,
        name="pesan kembali",
        updates=NEVER,
        unique=((("message_id",), ""),),
    ),
    Rail(
        model=LatenessEnd,
        name="akhir keterlambatan",
        updates=NEVER,
        unique=((("deviation_id",), ""),),
    ),
    Rail(
        model=DeviationShare,
        name="bagian penyimpangan",
        updates=NEVER,
        unique=((("deviation_id", "person_id"), ""),),
    ),
    Rail(
        model=DeviationAnswer,
        name="jawaban penyimpangan",
        updates=NEVER,
        unique=((("number",), ""),),
    ),
    Rail(
        model=AnsweredDeviation,
        name="penyimpangan yang dijawab",
        updates=NEVER,
        unique=((("answer_id", "deviation_id"), ""),),
    ),
    Rail(model=DeviationJudgement, name="penilaian penyimpangan", updates=NEVER),
    Rail(model=CaseNote, name="catatan", updates=NEVER),
    Rail(model=SignatureCheck, name="pemeriksaan tanda tangan", updates=NEVER),
    Rail(
        model=ContentFault,
        name="isi yang rusak",
        updates=(
            (
                differs(
                    "id",
                    "check_run_id",
                    "record",
                    "label",
                    "kind",
                    "expected",
                    "met",
                    "found_at",
                )
                + f" OR {only_from_null('good_again_at')}",
                "yang sudah dicatat tidak boleh diubah; yang boleh ditambahkan hanya pulihnya",
            ),
        ),
        unique=((("record",), "{row}.good_again_at IS NULL"),),
    ),
    Rail(
        model=ContentFaultSeen,
        name="kerusakan yang dibaca",
        updates=NEVER,
        unique=((("fault_id", "person_id"), ""),),
    ),
    Rail(
        model=Monitoring,
        name="laporan pemantauan",
        updates=NEVER,
        unique=((("public_id",), ""), (("first", "last", "version"), "")),
    ),
    Rail(
        model=Questionnaire,
        name="kuesioner evaluasi",
        updates=(("OLD.adopted_at IS NOT NULL", "yang sudah diberlakukan tidak boleh diubah"),),
        unique=((("number",), ""), ((), "{row}.adopted_at IS NULL")),
    ),
    Rail(
        model=EvidencePackage,
        name="paket bukti",
        updates=NEVER,
        unique=((("public_id",), ""),),
    ),
    Rail(
        model=EvidenceHandOver,
        name="penyerahan bukti",
        updates=NEVER,
        unique=((("package_id",), ""),),
    ),
    Rail(
        model=Attestation,
        name="jawaban kelengkapan",
        updates=NEVER,
        unique=((("step_run_id", "requirement_id"), ""),),
    ),
    Rail(model=DocumentContent, name="isi dokumen", updates=NEVER),
    Rail(
        model=Document,
        name="dokumen",
        updates=(
            (
                differs(
                    "id",
                    "public_id",
                    "request_id",
                    "kind",
                    "version",
                    "number",
                    "dated",
                    "uploaded",
                    "created_by_id",
                    "created_at",
                    "answer_id",
                    "addendum",
                    "concerns",
                ),
                "yang sudah dicatat tidak boleh diubah",
            ),
            (
                (
                    f"{only_from_null('superseded_at')} OR (NEW.registrant_id IS NOT NULL "
                    "AND OLD.registrant_id IS DISTINCT FROM NEW.registrant_id)"
                ),
                "yang sudah tidak berlaku tetap demikian, dan tidak berpindah personel",
            ),
            (
                "OLD.state = 'stored' AND ("
                + differs(
                    "state",
                    "title",
                    "file_name",
                    "media_type",
                    "sha256",
                    "size",
                    "pages",
                    "template_version",
                    "attempts",
                    "next_attempt_at",
                    "claimed_at",
                    "last_error",
                )
                + ")",
                "yang sudah tersimpan tidak boleh diubah",
            ),
        ),
        unique=(
            (("public_id",), ""),
            (
                ("request_id", "kind"),
                (
                    "{row}.superseded_at IS NULL AND NOT {row}.uploaded "
                    "AND {row}.registrant_id IS NULL AND {row}.answer_id IS NULL"
                ),
            ),
            (
                ("request_id", "answer_id", "kind"),
                "{row}.superseded_at IS NULL AND NOT {row}.uploaded",
            ),
            (("request_id", "addendum"), "{row}.addendum IS NOT NULL"),
            (
                ("registrant_id", "kind"),
                (
                    "{row}.superseded_at IS NULL AND NOT {row}.uploaded "
                    "AND {row}.registrant_id IS NOT NULL AND {row}.kind <> 'resend_proof'"
                ),
            ),
        ),
    ),
    Rail(
        model=StepRun,
        name="pelaksanaan langkah",
        updates=(
            ("OLD.finished_at IS NOT NULL", "yang sudah selesai tidak boleh diubah"),
            (only_from_null("measured_until"), "yang sudah diukur tidak diukur lagi"),
            (
                differs(
                    "id",
                    "request_id",
                    "step_id",
                    "attempt",
                    "limit_amount",
                    "limit_unit",
                    "limit_start",
                    "limit_basis",
                ),
                "tidak boleh berpindah permohonan atau berganti batas waktu",
            ),
        ),
        unique=(
            (("request_id", "step_id", "attempt"), ""),
            (("request_id",), "{row}.finished_at IS NULL AND {row}.paused_at IS NULL"),
        ),
    ),
    Rail(
        model=Reading,
        name="lembar penafsiran",
        updates=(
            (
                # The one that the application proposes is nobody's word yet.
                "OLD.approved_by_id IS NOT NULL AND ("
                + differs(
                    "id",
                    "revision_id",
                    "number",
                    "content",
                    "reason",
                    "in_force_from",
                    "drafted_by_id",
                    "drafted_at",
                    "approved_by_id",
                    "approved_at",
                )
                + ")",
                "yang sudah disahkan tidak boleh diubah",
            ),
            ("OLD.state = 'withdrawn'", "yang sudah ditarik tidak boleh diubah"),
            (
                "OLD.state = 'approved' AND NEW.state = 'draft'",
                "yang sudah disahkan tidak menjadi konsep lagi",
            ),
        ),
        unique=((("number",), ""), (("revision_id",), "{row}.state = 'draft'")),
    ),
    Rail(
        model=StepRunPause,
        name="jeda",
        updates=(
            (
                f"{differs('id', 'step_run_id', 'since', 'reason')} OR {only_from_null('until')}",
                BEGUN,
            ),
        ),
    ),
    Rail(
        model=StepRunHolding,
        name="pemegang langkah",
        updates=(
            (
                (
                    f"{differs('id', 'step_run_id', 'person_id', 'since', 'reason')} "
                    f"OR {only_from_null('until')}"
                ),
                BEGUN,
            ),
        ),
        unique=((("step_run_id",), "{row}.until IS NULL"),),
    ),
    Rail(
        model=StageRun,
        name="tahap SK",
        updates=(
            (
                f"{differs('id', 'request_id', 'stage')} OR {only_from_null('until')}",
                "yang sudah dicatat tidak boleh diubah",
            ),
        ),
        unique=((("request_id",), "{row}.until IS NULL"),),
    ),
    Rail(
        model=Outage,
        name="gangguan",
        updates=(
            (
                differs(
                    "id",
                    "subject",
                    "source",
                    "since",
                    "explanation",
                    "declared_by_id",
                    "recorded_at",
                )
                + f" OR {only_from_null('until')}",
                BEGUN,
            ),
        ),
        unique=(
            (("subject", "source", "since"), ""),
            (("subject", "source"), "{row}.source = 'mail_log' AND {row}.until IS NULL"),
        ),
    ),
    Rail(
        model=LateEntry,
        name="pencatatan susulan",
        updates=(
            (
                differs(
                    "id",
                    "request_id",
                    "act",
                    "happened_at",
                    "details",
                    "reason",
                    "outage_id",
                    "evidence_id",
                    "proposed_by_id",
                    "proposed_at",
                ),
                "yang sudah diajukan tidak boleh diubah",
            ),
            ("OLD.decided_at IS NOT NULL", "yang sudah diputuskan tidak boleh diubah"),
        ),
        unique=((("request_id",), "{row}.state = 'proposed'"),),
    ),
    *ARCHIVE_RAILS,
    *OFFICE_RAILS,
)
