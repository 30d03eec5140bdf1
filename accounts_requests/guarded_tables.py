"""Which tables are append-only and what may not happen to their rows, as data.

The conditions are plain SQL that both databases read the same way.
"""

from dataclasses import dataclass

from django.db.models import Model

from accounts_requests.models import (
    AnsweredDeviation,
    ArchiveDescription,
    ArchiveMove,
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
    DestructionDecision,
    DestructionItem,
    DestructionMinutes,
    DestructionProposal,
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


@dataclass(frozen=True, kw_only=True)
class Rail:
    """What may not happen to the rows of one table. None may ever be deleted.

    ``updates``: the conditions over OLD and NEW under which an UPDATE is refused, with what the
    refusal says; an empty condition refuses every one. ``unique``: the columns (and the condition
    over a row) that tell two rows apart, beside the primary key: SQLite's INSERT OR REPLACE would
    delete the row that it meets, past the triggers on DELETE.
    """

    model: type[Model]
    name: str
    updates: tuple[tuple[str, str], ...]
    unique: tuple[tuple[tuple[str, ...], str], ...] = ()

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def is_never_updated(self) -> bool:
        return any(not condition for condition, _ in self.updates)

    @property
    def key(self) -> str:
        return str(self.model._meta.pk.column)


def _differs(*columns: str) -> str:
    return " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)


def _only_from_null(column: str) -> str:
    return f"(OLD.{column} IS NOT NULL AND OLD.{column} IS DISTINCT FROM NEW.{column})"


_NEVER = (("", "hanya boleh ditambah, tidak boleh diubah"),)
_BEGUN = "yang sudah dicatat tidak boleh diubah; yang boleh ditambahkan hanya akhirnya"

RAILS: tuple[Rail, ...] = (
    Rail(
        model=AuditEntry,
        name="entri jejak audit",
        updates=_NEVER,
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
                    f"{_differs('id', 'record', 'request_id')} OR NEW.sequence <= OLD.sequence "
                    "OR NOT (OLD.record LIKE 'step_run_open:%' OR OLD.record LIKE 'stage_run:%')"
                ),
                "hanya boleh diperbarui untuk langkah yang masih berjalan",
            ),
        ),
        unique=((("record",), ""),),
    ),
    Rail(model=AuditAnchor, name="tambatan jejak audit", updates=_NEVER, unique=((("day",), ""),)),
    Rail(
        model=CalendarVersion,
        name="versi kalender",
        updates=_NEVER,
        unique=((("number",), ""),),
    ),
    Rail(
        model=DeadlineVersion,
        name="versi tenggat",
        updates=_NEVER,
        unique=((("step_run_id", "number"), ""),),
    ),
    Rail(model=Deviation, name="penyimpangan", updates=_NEVER, unique=((("key",), ""),)),
    Rail(
        model=Bounce,
        name="pesan kembali",
        updates=_NEVER,
        unique=((("message_id",), ""),),
    ),
    Rail(
        model=LatenessEnd,
        name="akhir keterlambatan",
        updates=_NEVER,
        unique=((("deviation_id",), ""),),
    ),
    Rail(
        model=DeviationShare,
        name="bagian penyimpangan",
        updates=_NEVER,
        unique=((("deviation_id", "person_id"), ""),),
    ),
    Rail(
        model=DeviationAnswer,
        name="jawaban penyimpangan",
        updates=_NEVER,
        unique=((("number",), ""),),
    ),
    Rail(
        model=AnsweredDeviation,
        name="penyimpangan yang dijawab",
        updates=_NEVER,
        unique=((("answer_id", "deviation_id"), ""),),
    ),
    Rail(model=DeviationJudgement, name="penilaian penyimpangan", updates=_NEVER),
    Rail(model=CaseNote, name="catatan", updates=_NEVER),
    Rail(model=SignatureCheck, name="pemeriksaan tanda tangan", updates=_NEVER),
    Rail(
        model=ContentFault,
        name="isi yang rusak",
        updates=(
            (
                _differs(
                    "id",
                    "check_run_id",
                    "record",
                    "label",
                    "kind",
                    "expected",
                    "met",
                    "found_at",
                )
                + f" OR {_only_from_null('good_again_at')}",
                "yang sudah dicatat tidak boleh diubah; yang boleh ditambahkan hanya pulihnya",
            ),
        ),
        unique=((("record",), "{row}.good_again_at IS NULL"),),
    ),
    Rail(
        model=ContentFaultSeen,
        name="kerusakan yang dibaca",
        updates=_NEVER,
        unique=((("fault_id", "person_id"), ""),),
    ),
    Rail(
        model=ArchiveDescription,
        name="data kearsipan",
        updates=_NEVER,
        unique=((("request_id", "version"), ""),),
    ),
    Rail(
        model=ArchiveMove,
        name="pemindahan berkas",
        updates=_NEVER,
        unique=((("request_id", "kind"), ""),),
    ),
    Rail(
        model=DestructionProposal,
        name="usul musnah",
        updates=_NEVER,
        unique=((("number",), ""),),
    ),
    Rail(
        model=DestructionItem,
        name="berkas yang diusulkan musnah",
        updates=_NEVER,
        unique=((("proposal_id", "request_id"), ""),),
    ),
    Rail(
        model=DestructionDecision,
        name="keputusan usul musnah",
        updates=_NEVER,
        unique=((("proposal_id",), ""),),
    ),
    Rail(model=DestructionMinutes, name="isi berita acara", updates=_NEVER),
    Rail(
        model=Monitoring,
        name="laporan pemantauan",
        updates=_NEVER,
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
        updates=_NEVER,
        unique=((("public_id",), ""),),
    ),
    Rail(
        model=EvidenceHandOver,
        name="penyerahan bukti",
        updates=_NEVER,
        unique=((("package_id",), ""),),
    ),
    Rail(
        model=Attestation,
        name="jawaban kelengkapan",
        updates=_NEVER,
        unique=((("step_run_id", "requirement_id"), ""),),
    ),
    Rail(model=DocumentContent, name="isi dokumen", updates=_NEVER),
    Rail(
        model=Document,
        name="dokumen",
        updates=(
            (
                _differs(
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
                    f"{_only_from_null('superseded_at')} OR (NEW.registrant_id IS NOT NULL "
                    "AND OLD.registrant_id IS DISTINCT FROM NEW.registrant_id)"
                ),
                "yang sudah tidak berlaku tetap demikian, dan tidak berpindah personel",
            ),
            (
                "OLD.state = 'stored' AND ("
                + _differs(
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
                    "AND {row}.registrant_id IS NOT NULL"
                ),
            ),
        ),
    ),
    Rail(
        model=StepRun,
        name="pelaksanaan langkah",
        updates=(
            ("OLD.finished_at IS NOT NULL", "yang sudah selesai tidak boleh diubah"),
            (_only_from_null("measured_until"), "yang sudah diukur tidak diukur lagi"),
            (
                _differs(
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
                + _differs(
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
                f"{_differs('id', 'step_run_id', 'since', 'reason')} OR {_only_from_null('until')}",
                _BEGUN,
            ),
        ),
    ),
    Rail(
        model=StepRunHolding,
        name="pemegang langkah",
        updates=(
            (
                (
                    f"{_differs('id', 'step_run_id', 'person_id', 'since', 'reason')} "
                    f"OR {_only_from_null('until')}"
                ),
                _BEGUN,
            ),
        ),
        unique=((("step_run_id",), "{row}.until IS NULL"),),
    ),
    Rail(
        model=StageRun,
        name="tahap SK",
        updates=(
            (
                f"{_differs('id', 'request_id', 'stage')} OR {_only_from_null('until')}",
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
                _differs(
                    "id",
                    "subject",
                    "source",
                    "since",
                    "explanation",
                    "declared_by_id",
                    "recorded_at",
                )
                + f" OR {_only_from_null('until')}",
                _BEGUN,
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
                _differs(
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
)
