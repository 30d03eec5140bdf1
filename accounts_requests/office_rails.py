"""What may not happen to the office's own records, part of ``guarded_tables``."""

from accounts_requests.models import TrustAnchor
from accounts_requests.rail import BEGUN, Rail, differs

OFFICE_RAILS: tuple[Rail, ...] = (
    Rail(
        model=TrustAnchor,
        name="sertifikat induk",
        updates=(
            (
                differs(
                    "id",
                    "name",
                    "issuer",
                    "sha256",
                    "valid_from",
                    "valid_until",
                    "pem",
                    "origin",
                    "added_by_id",
                    "added_as",
                    "added_at",
                ),
                BEGUN,
            ),
            ("OLD.removed_at IS NOT NULL", "yang sudah dikeluarkan tidak boleh diubah"),
        ),
        unique=((("sha256",), "{row}.removed_at IS NULL"),),
    ),
)
