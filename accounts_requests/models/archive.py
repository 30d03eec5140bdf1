"""What the archive records of a file (*berkas*) after step 5: its description, moves, its end.

All of it is append-only: a correction is a further version or record. How a file stands follows
from the latest ones (``archive_standing``); no state is stored, and nothing is ever deleted.
"""

from django.db import models
from django.db.models import Q

from .account_request import AccountRequest


class SecurityClass(models.TextChoices):
    """*Klasifikasi keamanan* of a file."""

    ORDINARY = "biasa", "Biasa"
    RESTRICTED = "terbatas", "Terbatas"
    SECRET = "rahasia", "Rahasia"


class FinalDisposition(models.TextChoices):
    """*Nasib akhir*: what becomes of a file once its retention is over."""

    PERMANENT = "permanen", "Permanen"
    DESTROY = "musnah", "Musnah"
    REVIEW = "dinilai", "Dinilai kembali"


class RetentionTrigger(models.TextChoices):
    """From which day the retention of a file counts."""

    YEAR_END = "akhir_tahun", "Akhir tahun pengarsipan"
    ARCHIVED = "diarsipkan", "Tanggal pengarsipan"


class Development(models.TextChoices):
    """*Tingkat perkembangan* of the papers."""

    ORIGINAL = "asli", "Asli"
    COPY = "salinan", "Salinan"
    BOTH = "asli_salinan", "Asli dan salinan"


class Media(models.TextChoices):
    """What the file is kept on."""

    ELECTRONIC = "elektronik", "Elektronik (PDF)"
    PAPER = "kertas", "Kertas"
    BOTH = "elektronik_kertas", "Elektronik (PDF) dan kertas"


class ArchiveDescription(models.Model):
    """The *data kearsipan* of a file in one version; the latest one counts.

    ``active_until`` and ``inactive_until`` are the last days of the two parts of its retention,
    counted from the trigger when the version was written. ``amount`` is what people wrote of the
    paper (*jumlah*); the documents in the application are counted. ``reason`` is empty for the
    version that archiving itself leaves.
    """

    request = models.ForeignKey(AccountRequest, models.PROTECT, related_name="archive_descriptions")
    version = models.PositiveSmallIntegerField("versi")
    code = models.CharField("kode klasifikasi", max_length=30)
    counts_from = models.CharField(
        "retensi dihitung sejak", max_length=12, choices=RetentionTrigger.choices
    )
    active_years = models.PositiveSmallIntegerField("retensi aktif (tahun)")
    inactive_years = models.PositiveSmallIntegerField("retensi inaktif (tahun)")
    active_until = models.DateField("aktif sampai dengan")
    inactive_until = models.DateField("inaktif sampai dengan")
    disposition = models.CharField("nasib akhir", max_length=10, choices=FinalDisposition.choices)
    security = models.CharField(
        "klasifikasi keamanan", max_length=10, choices=SecurityClass.choices
    )
    development = models.CharField(
        "tingkat perkembangan", max_length=15, choices=Development.choices
    )
    media = models.CharField("media", max_length=20, choices=Media.choices)
    amount = models.CharField("jumlah berkas kertas", max_length=60, blank=True)
    location = models.CharField("tempat simpan", max_length=200, blank=True)
    rack = models.CharField("rak", max_length=30, blank=True)
    box = models.CharField("boks", max_length=30, blank=True)
    reason = models.CharField("alasan perubahan", max_length=500, blank=True)
    by = models.ForeignKey("accounts_requests.User", models.PROTECT, related_name="+")
    at = models.DateTimeField("dicatat")

    class Meta:
        verbose_name = "data kearsipan"
        verbose_name_plural = "data kearsipan"
        ordering = ["request", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "version"], name="one_archive_description_per_version"
            ),
            models.CheckConstraint(
                condition=Q(
                    counts_from__in=RetentionTrigger.values,
                    disposition__in=FinalDisposition.values,
                    security__in=SecurityClass.values,
                    development__in=Development.values,
                    media__in=Media.values,
                ),
                name="archive_description_words_are_known",
            ),
            models.CheckConstraint(
                condition=Q(inactive_until__gte=models.F("active_until")),
                name="inactive_retention_follows_active",
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""),
                name="changed_archive_description_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: versi {self.version}"

    @property
    def place(self) -> str:
        """Where the paper is, in words; "" when no place is on record."""
        return place_of(self.location, self.rack, self.box)


def place_of(location: str, rack: str, box: str) -> str:
    """``Ruang arsip, Rak 1, Boks 2``; a word that was typed along is not said twice."""
    parts = [location.strip()]
    for word, value in (("Rak", rack.strip()), ("Boks", box.strip())):
        if value:
            parts.append(value if value.lower().startswith(word.lower()) else f"{word} {value}")
    return ", ".join(part for part in parts if part)


class ArchiveMove(models.Model):
    """A file went elsewhere: *pemindahan* to inactive storage, *penyerahan* to an archive office.

    ``moved_on`` is the day on which it happened, ``paper_number`` the number of the minutes that
    both sides signed.
    """

    class Kind(models.TextChoices):
        TO_INACTIVE = "pemindahan", "Pemindahan ke penyimpanan inaktif"
        TO_ARCHIVES = "penyerahan", "Penyerahan ke lembaga kearsipan"

    request = models.ForeignKey(AccountRequest, models.PROTECT, related_name="archive_moves")
    kind = models.CharField("jenis", max_length=12, choices=Kind.choices)
    moved_on = models.DateField("tanggal")
    place = models.CharField("tempat", max_length=120)
    received_by = models.CharField("diterima oleh", max_length=150)
    paper_number = models.CharField("nomor berita acara", max_length=80)
    note = models.CharField("catatan", max_length=500, blank=True)
    by = models.ForeignKey("accounts_requests.User", models.PROTECT, related_name="+")
    at = models.DateTimeField("dicatat")

    class Meta:
        verbose_name = "pemindahan berkas"
        verbose_name_plural = "pemindahan berkas"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "kind"], name="a_file_moves_once_in_each_way"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["pemindahan", "penyerahan"]), name="archive_move_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.get_kind_display()}"


class DestructionProposal(models.Model):
    """An *usul musnah*: files whose retention is over, with reason and legal basis.

    The files may belong to several cases (they do); ``request`` is the first of them, with which
    the proposal is sealed. ``title`` is how the proposer was styled then.
    """

    number = models.CharField("nomor usul", max_length=20, unique=True)
    request = models.ForeignKey(
        AccountRequest, models.PROTECT, related_name="destruction_proposals"
    )
    reason = models.TextField("alasan")
    legal_basis = models.TextField("dasar hukum")
    proposed_by = models.ForeignKey("accounts_requests.User", models.PROTECT, related_name="+")
    title = models.CharField("jabatan pengusul", max_length=60)
    at = models.DateTimeField("diusulkan")

    class Meta:
        verbose_name = "usul musnah"
        verbose_name_plural = "usul musnah"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(legal_basis=""),
                name="destruction_proposal_gives_reason_and_basis",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def decided(self) -> "DestructionDecision | None":
        """The decision, None while it is awaited."""
        return getattr(self, "decision", None)


class DestructionItem(models.Model):
    """One file of an *usul musnah*."""

    proposal = models.ForeignKey(DestructionProposal, models.PROTECT, related_name="items")
    request = models.ForeignKey(AccountRequest, models.PROTECT, related_name="destruction_items")
    at = models.DateTimeField("diusulkan")

    class Meta:
        verbose_name = "berkas yang diusulkan musnah"
        verbose_name_plural = "berkas yang diusulkan musnah"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "request"], name="file_once_in_a_destruction_proposal"
            )
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.request_id}"


class DestructionDecision(models.Model):
    """What the pengesah decided of an *usul musnah*; with its minutes where it was approved."""

    class Verdict(models.TextChoices):
        APPROVED = "disetujui", "Disetujui"
        REFUSED = "ditolak", "Ditolak"

    proposal = models.OneToOneField(DestructionProposal, models.PROTECT, related_name="decision")
    request = models.ForeignKey(AccountRequest, models.PROTECT, related_name="+")
    verdict = models.CharField("keputusan", max_length=10, choices=Verdict.choices)
    ground = models.TextField("alasan keputusan", blank=True)
    decided_by = models.ForeignKey("accounts_requests.User", models.PROTECT, related_name="+")
    title = models.CharField("jabatan pemutus", max_length=60)
    at = models.DateTimeField("diputuskan")
    minutes_number = models.CharField("nomor berita acara", max_length=80, blank=True)
    minutes_pages = models.PositiveSmallIntegerField("halaman berita acara", default=0)
    minutes_sha256 = models.CharField("SHA-256 berita acara", max_length=64, blank=True)

    class Meta:
        verbose_name = "keputusan usul musnah"
        verbose_name_plural = "keputusan usul musnah"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="ditolak", minutes_number="", minutes_sha256="") & ~Q(ground="")
                | Q(verdict="disetujui") & ~Q(minutes_number="") & ~Q(minutes_sha256=""),
                name="destruction_decision_has_ground_or_minutes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.get_verdict_display()}"


class DestructionMinutes(models.Model):
    """The bytes of the *berita acara* of an approval, apart so that lists never load them."""

    decision = models.OneToOneField(
        DestructionDecision, models.PROTECT, related_name="minutes", primary_key=True
    )
    data = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.decision_id}"
