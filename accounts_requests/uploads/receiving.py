"""Files on their way in: of what is over the limit nothing is kept beyond it."""

from io import BytesIO
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

MAX_BODY: Final = 100 * 1024 * 1024
"""Bytes of a request that are read at all, so that a file which is a few times too large can
still be refused by its name."""


class BoundedUpload(TemporaryFileUploadHandler):
    """Takes the files that are too large for Django's handler in memory, which stands before it.

    A request that announces more than MAX_BODY is refused unread (413). Of a file, nothing beyond
    ``settings.MAX_UPLOAD_BYTES`` is written; such a file arrives empty, with the size it had, so
    that ``read_upload`` refuses it with both sizes.
    """

    def handle_raw_input(
        self,
        input_data: Any,  # noqa: ARG002  Django's signature
        META: dict[str, str],  # noqa: ARG002, N803  Django's signature
        content_length: int,
        boundary: str,  # noqa: ARG002  Django's signature
        encoding: str | None = None,  # noqa: ARG002  Django's signature
    ) -> None:
        """Refuse by the announced length. Raises RequestDataTooBig."""
        if content_length > MAX_BODY:
            raise RequestDataTooBig("The request announces more than MAX_BODY.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write what is within the limit."""
        if start + len(raw_data) <= settings.MAX_UPLOAD_BYTES:
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        """The file; an empty one of the size it had when that is over the limit."""
        if file_size <= settings.MAX_UPLOAD_BYTES:
            return super().file_complete(file_size)
        self.file.close()
        return InMemoryUploadedFile(
            file=BytesIO(),
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
