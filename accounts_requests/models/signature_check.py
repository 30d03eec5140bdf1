"""What was found of the certified signatures on an SK, each time somebody had them looked at."""

from django.db import models
from django.db.models import Q

from accounts_requests.states import SignatureVerdict

from .account_request import AccountRequest
from .document import Document


class SignatureCheck(models.Model):
    """One look at the signatures of a stored PDF; a later look is a further row.

    ``signatures``: a list of what ``signatures.Signature.stored`` gives. ``anchors``: name and
    SHA-256 of each certificate that was trusted at that time. ``differences``: label, record and
    paper of everything that Kepala LPSE confirmed although it differed or was doubtful.
    """

    request = models.ForeignKey(AccountRequest, models.PROTECT, related_name="signature_checks")
    document = models.ForeignKey(Document, models.PROTECT, related_name="signature_checks")
    at = models.DateTimeField("diperiksa")
    by = models.ForeignKey("accounts_requests.User", models.PROTECT, related_name="+")
    verdict = models.CharField("hasil", max_length=12, choices=SignatureVerdict.choices)
    signatures = models.JSONField("tanda tangan")
    anchors = models.JSONField("sertifikat induk", default=list, blank=True)
    differences = models.JSONField("perbedaan yang dikonfirmasi", default=list, blank=True)

    class Meta:
        verbose_name = "pemeriksaan tanda tangan"
        verbose_name_plural = "pemeriksaan tanda tangan"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=SignatureVerdict.values),
                name="signature_verdict_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}: {self.get_verdict_display()}"
