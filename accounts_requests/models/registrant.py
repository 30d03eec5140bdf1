"""One Formulir: a person in a case and the account that is asked for."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from accounts_requests.states import ASN, AccountKind, Employment, RequestKind

from .account_request import AccountRequest

# What the Lampiran of an SK prints. An issued SK is never edited: changing one of these needs a
# ralat; the other fields of the Formulir may be mended after a return.
DECREE_FIELDS = (
    "account_kind",
    "full_name",
    "title_before",
    "title_after",
    "nip",
    "rank",
    "grade",
    "position",
    "agency",
    "valid_until",
)


class Registrant(models.Model):
    """A row of the case's people: one account each, its Formulir's fields (domain: Formulir).

    ``nik`` is encrypted text (``credentials.encrypt_field``), empty unless the office collects it.
    """

    request = models.ForeignKey(AccountRequest, models.PROTECT, related_name="registrants")
    position_in_list = models.PositiveSmallIntegerField("nomor urut")
    account_kind = models.CharField("jenis akun", max_length=20, choices=AccountKind.choices)
    request_kind = models.CharField(
        "jenis permohonan", max_length=12, choices=RequestKind.choices, default=RequestKind.NEW
    )
    full_name = models.CharField("nama lengkap", max_length=150)
    title_before = models.CharField("gelar depan", max_length=40, blank=True)
    title_after = models.CharField("gelar belakang", max_length=60, blank=True)
    employment = models.CharField("status kepegawaian", max_length=10, choices=Employment.choices)
    nip = models.CharField("NIP/NI PPPK", max_length=18, blank=True)
    nik = models.TextField("NIK (tersandi)", blank=True)
    rank = models.CharField("pangkat", max_length=60, blank=True)
    grade = models.CharField("golongan", max_length=8, blank=True)
    position = models.CharField("jabatan", max_length=150)
    work_unit = models.CharField("unit kerja", max_length=200)
    agency = models.CharField("K/L/PD", max_length=200, blank=True)
    email = models.EmailField("e-mail")
    mobile = models.CharField("nomor ponsel", max_length=20)
    office_address = models.CharField("alamat kantor", max_length=250)
    proposed_user_id = models.CharField("usulan user id", max_length=30)
    valid_until = models.DateField("berlaku sampai dengan", null=True, blank=True)
    statement_date = models.DateField("tanggal pernyataan")
    form_number = models.CharField("nomor formulir", max_length=40, blank=True)

    class Meta:
        verbose_name = "personel"
        verbose_name_plural = "personel"
        ordering = ["request", "position_in_list"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "position_in_list"], name="registrant_position_unique"
            ),
            models.UniqueConstraint(
                fields=["request", "nip", "account_kind"],
                condition=~Q(nip=""),
                name="registrant_nip_and_kind_unique",
            ),
            models.UniqueConstraint(
                "request", Lower("proposed_user_id"), name="registrant_user_id_unique"
            ),
            models.CheckConstraint(
                condition=~Q(employment__in=ASN) | ~Q(nip=""), name="registrant_asn_has_nip"
            ),
            models.CheckConstraint(
                condition=~Q(account_kind=AccountKind.ADMIN_AGENCY) | ~Q(agency=""),
                name="registrant_admin_agency_has_agency",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def titled_name(self) -> str:
        """The name with titles before and after, as letters print it."""
        name = f"{self.title_before} {self.full_name}".strip()
        return f"{name}, {self.title_after}" if self.title_after else name

    @property
    def rank_and_grade(self) -> str:
        """``Penata Tk. I (III/d)``, or whichever part is known."""
        if self.rank and self.grade:
            return f"{self.rank} ({self.grade})"
        return self.rank or self.grade
