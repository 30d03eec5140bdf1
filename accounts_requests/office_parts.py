"""What is sealed of the office's own records, which belong to no case.

Each is sealed by the entry that names it among its rows, not by acts on a case.
"""

from accounts_requests.models import (
    EvidenceHandOver,
    EvidencePackage,
    Monitoring,
    Questionnaire,
)
from accounts_requests.sealed_part import OF_NO_CASE, Part

OF_THE_OFFICE: tuple[Part, ...] = (
    Part(
        name="monitoring",
        label="laporan pemantauan",
        model=Monitoring,
        columns=(
            "public_id",
            "first",
            "last",
            "version",
            "revision_id",
            "rows",
            "answers",
            "questionnaire",
            "verdict",
            "verdict_reason",
            "judged_by_id",
            "judged_as",
            "judged_at",
            "pdf",
            "pages",
            "sha256",
        ),
        request=OF_NO_CASE,
        instant="judged_at",
    ),
    Part(
        name="questionnaire",
        label="kuesioner evaluasi",
        model=Questionnaire,
        columns=(
            "number",
            "questions",
            "drafted_by_id",
            "changed_at",
            "reason",
            "adopted_by_id",
            "adopted_at",
        ),
        request=OF_NO_CASE,
        when={"adopted_at__isnull": False},
        instant="adopted_at",
    ),
    Part(
        name="evidence_package",
        label="permintaan paket bukti",
        model=EvidencePackage,
        columns=(
            "public_id",
            "letter_number",
            "letter_date",
            "subject",
            "requester",
            "asked_by_id",
            "asked_as",
            "asked_at",
        ),
        request=OF_NO_CASE,
        instant="asked_at",
    ),
    Part(
        name="evidence_hand_over",
        label="penyerahan bukti",
        model=EvidenceHandOver,
        columns=("package_id", "made_at", "file_name", "sha256", "size", "content"),
        request=OF_NO_CASE,
        instant="made_at",
    ),
)
