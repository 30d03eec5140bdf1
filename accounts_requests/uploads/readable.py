"""Can a secret still be read in a foreign file? What a machine can tell without seeing pictures."""

import itertools

from accounts_requests.exceptions import InvalidInput

from .examination import read_words
from .files import PDF, Upload


class Readable:
    """The words of an upload that a machine finds: its name, its text layer, its plain bytes.

    What a picture shows is for people to judge. Raises InvalidInput where the text layer of a PDF
    is too much to be read, for then nobody has looked.
    """

    def __init__(self, upload: Upload, media_type: str) -> None:
        text = read_words(upload.data) if media_type == PDF else ""
        if text is None:
            raise InvalidInput(
                f"Lapisan teks PDF {upload.file_name} tidak dapat diperiksa. Simpan halamannya "
                "sebagai gambar (JPEG atau PNG), lalu unggah kembali."
            )
        self._words = _letters_alone(f"{upload.file_name}\n{text}")
        self._bytes = upload.data

    def __repr__(self) -> str:
        return "Readable(…)"

    def shows(self, secret: str, *, separator: str) -> bool:
        """Does it hold ``secret``, or any of the groups that ``separator`` divides it into?

        Words may be broken, spaced or hyphenated in another way. In plain bytes, where a group
        may stand by chance, two neighbouring ones count.
        """
        groups = secret.split(separator)
        if any(group in self._words for group in groups):
            return True
        pairs = [separator.join(pair) for pair in itertools.pairwise(groups)]
        return any(
            pair.encode(coding) in self._bytes
            for pair in pairs
            for coding in ("utf-8", "utf-16-le", "utf-16-be")
        )


def _letters_alone(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())
