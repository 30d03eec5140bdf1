"""What a verification says: how much was looked at, and where the record is broken."""

from dataclasses import dataclass, field

from accounts_requests import words

# So many breaks are told one by one; a database that lost everything need not fill the screen.
TOLD = 50


@dataclass
class Report:
    """Counts of what was compared, the breaks in the order they were found, and remarks.

    Both are sentences for people. A remark explains what looks like a break and is none.
    """

    entries: int = 0
    records: int = 0
    documents: int = 0
    anchors: int = 0
    count: int = 0
    head: str = ""
    breaks: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Was no break found?"""
        return not self.breaks

    def lines(self) -> list[str]:
        """The whole report for a person, line by line."""
        looked_at = (
            f"Diperiksa: {self.entries} entri jejak audit, {self.records} segel catatan, "
            f"{self.documents} isi dokumen, {self.anchors} tambatan."
        )
        end = f"Rantai berakhir pada entri {self.count}, hash {words.grouped(self.head)}."
        lines = [looked_at, end, *(f"Keterangan: {remark}" for remark in self.remarks)]
        if self.is_whole:
            return [*lines, "Utuh: tidak ditemukan perubahan maupun kehilangan."]
        lines += [f"RUSAK: {sentence}" for sentence in self.breaks[:TOLD]]
        if len(self.breaks) > TOLD:
            lines.append(f"… dan {len(self.breaks) - TOLD} kerusakan lain.")
        return lines
