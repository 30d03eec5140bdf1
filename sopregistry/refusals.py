"""What gunicorn answers by itself to a request that never reaches the application, in its words.

gunicorn has no setting for these pages; ``gunicorn.conf.py`` puts ``write`` in the place of its
own. Nothing of the request is repeated in them.
"""

import html
import socket
from http import HTTPStatus
from typing import Final

_PAGE: Final = (
    '<!doctype html><html lang="id"><head><meta charset="utf-8"><title>{title}</title></head>'
    "<body><h1>{title}</h1><p>{words}</p></body></html>"
)
_TOO_LONG: Final = (
    "Alamat terlalu panjang",
    (
        "Alamat atau keterangan yang dikirim peramban terlalu panjang untuk diterima. Buka kembali "
        "aplikasi dari Beranda; bila terulang, hapus kuki situs ini pada peramban Anda."
    ),
)
_UNREADABLE: Final = (
    "Permintaan tidak dapat dibaca",
    (
        "Permintaan yang diterima tidak lengkap atau telah rusak di perjalanan, sehingga tidak ada "
        "yang dicatat. Muat ulang halaman sebelumnya, lalu ulangi."
    ),
)
_FAILED: Final = (
    "Terjadi gangguan pada aplikasi",
    (
        "Semua yang sudah tersimpan tetap utuh. Silakan coba lagi; bila gangguan berlanjut, beri "
        "tahu Pengelola Aplikasi."
    ),
)
_LONG: Final = {HTTPStatus.REQUEST_URI_TOO_LONG, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE}


def answer(status: int) -> bytes:
    """The whole answer, head and page, with the words for ``status``."""
    said = _TOO_LONG if status in _LONG else _FAILED if status >= 500 else _UNREADABLE
    title, words = (html.escape(text) for text in said)
    page = _PAGE.format(title=title, words=words).encode()
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        "Connection: close",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(page)}",
        "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options: nosniff",
        "Cache-Control: no-store",
    )
    return "\r\n".join((*head, "", "")).encode() + page


def write(client: socket.socket, status: int, _reason: str, _detail: str) -> None:
    """Send the answer without waiting for the client; gunicorn closes the connection afterwards."""
    blocking = client.getblocking()
    try:
        client.setblocking(False)
        client.sendall(answer(status))
    finally:
        client.setblocking(blocking)
