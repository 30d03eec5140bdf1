"""Everything that is stored as bytes with their SHA-256, and how to look at one of them.

A new table with such bytes gets its line in STORES; a test holds every binary column to that.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError
from django.db.models import Model, QuerySet

from accounts_requests.models import (
    ContentFault,
    DestructionDecision,
    Document,
    Monitoring,
    SigningRequest,
)
from accounts_requests.states import DocumentKind, DocumentState

# Keys are fetched in such portions; contents one by one.
_PORTION = 200


@dataclass(frozen=True, kw_only=True)
class Store:
    """One table: ``data`` is the lookup of its bytes, ``sha256`` of their hash.

    ``told`` is what ``label`` is made of.

    A label names the content to people who may not read about registrants: no title, no name.
    """

    name: str
    model: type[Model]
    data: str
    told: tuple[str, ...]
    label: Callable[..., str]
    sha256: str = "sha256"
    when: dict[str, Any] = field(default_factory=dict)

    def rows(self) -> "QuerySet[Any]":
        return self.model._default_manager.filter(**self.when)


@dataclass(frozen=True, kw_only=True)
class Item:
    """One content; ``record`` is its store and key: ``document:12``."""

    store: Store
    pk: int
    sha256: str
    label: str

    @property
    def record(self) -> str:
        return f"{self.store.name}:{self.pk}"


def _document(kind: str, number: str) -> str:
    return f"{dict(DocumentKind.choices).get(kind, kind)}, permohonan {number}"


def _monitoring(first: dt.date, last: dt.date, version: int) -> str:
    return f"Laporan pemantauan {first:%d-%m-%Y} s.d. {last:%d-%m-%Y}, versi {version}"


def _signed(number: str) -> str:
    return f"PDF dari layanan tanda tangan, permohonan {number}"


def _minutes(number: str) -> str:
    return f"Berita acara usul musnah {number}"


STORES: tuple[Store, ...] = (
    Store(
        name="document",
        model=Document,
        data="content__data",
        when={"state": DocumentState.STORED},
        told=("kind", "request__number"),
        label=_document,
    ),
    Store(
        name="monitoring",
        model=Monitoring,
        data="pdf",
        told=("first", "last", "version"),
        label=_monitoring,
    ),
    Store(
        name="minutes",
        model=DestructionDecision,
        data="minutes__data",
        sha256="minutes_sha256",
        when={"minutes_sha256__gt": ""},
        told=("proposal__number",),
        label=_minutes,
    ),
    Store(
        name="signed",
        model=SigningRequest,
        data="signed_pdf",
        sha256="signed_sha256",
        when={"state": SigningRequest.State.SIGNED},
        told=("request__number",),
        label=_signed,
    ),
)


def items(place: str = "", after: int = 0) -> Iterator[Item]:
    """Every content behind the key ``after`` of the store ``place`` ("": from the beginning)."""
    names = [store.name for store in STORES]
    begin = names.index(place) if place in names else 0
    for store in STORES[begin:]:
        key = after if store.name == place else 0
        while portion := list(_portion(store, key)):
            yield from portion
            key = portion[-1].pk


def item(record: str) -> Item | None:
    """The content of ``record``; None when its row is gone."""
    name, _, pk = record.partition(":")
    store = next((store for store in STORES if store.name == name), None)
    if store is None or not pk.isdigit():
        return None
    return next(iter(_portion(store, int(pk) - 1, only=int(pk))), None)


def _portion(store: Store, after: int, *, only: int | None = None) -> Iterator[Item]:
    rows = store.rows().filter(pk__gt=after).order_by("pk")
    if only is not None:
        rows = rows.filter(pk=only)
    for pk, sha256, *told in rows.values_list("pk", store.sha256, *store.told)[:_PORTION]:
        yield Item(store=store, pk=pk, sha256=sha256, label=store.label(*told)[:160])


def fault_of(one: Item) -> tuple[ContentFault.Kind | None, str]:
    """What is wrong with the content, and its SHA-256 now ("" where there is none).

    (None, …) when it is as it was stored. One content is in memory. Raises OperationalError when
    the database is away, which says nothing about the content.
    """
    try:
        rows = one.store.model._default_manager.filter(pk=one.pk)
        data = rows.values_list(one.store.data, flat=True).first()
    except (OperationalError, InterfaceError):
        raise
    except DatabaseError:
        return ContentFault.Kind.UNREADABLE, ""
    if data is None:
        return ContentFault.Kind.MISSING, ""
    met = hashlib.sha256(bytes(data)).hexdigest()
    return (None, met) if met == one.sha256 else (ContentFault.Kind.DIFFERENT, met)
