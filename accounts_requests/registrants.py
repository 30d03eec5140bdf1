"""The people of a case: the one door to the rules of the Formulir.

Rules for one person are in `person_rules`; those between the people of a batch are here.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Final

from accounts_requests.models import AccountRequest, Office
from accounts_requests.person_data import FIELD_TITLES, PersonData, normalise, person_data
from accounts_requests.person_rules import (
    Findings,
    check_email,
    check_person,
    max_length,
    missing,
    served_kinds,
)
from accounts_requests.user_ids import check_user_id, propose_user_id, user_ids_in_use

__all__ = [
    "FIELD_TITLES",
    "MAX_PEOPLE",
    "Findings",
    "PersonData",
    "check_batch",
    "check_email",
    "check_person",
    "check_user_id",
    "max_length",
    "missing",
    "normalise",
    "person_data",
    "propose_user_id",
    "served_kinds",
    "user_ids_in_use",
]

MAX_PEOPLE: Final = 200
"""People in one case: what a Lampiran, its papers and one order can carry."""


def check_batch(
    people: Sequence[PersonData],
    *,
    office: Office,
    decree_valid_until: dt.date | None,
    today: dt.date,
    request: AccountRequest | None = None,
    labels: Sequence[str] | None = None,
) -> list[Findings]:
    """Judge all people of one case: each by itself, and against one another.

    `request` is the case they belong to, so that its own user ids are not held against it.
    `labels` is how sentences name the others ("baris 7"); by default "nomor urut 3". Returns one
    Findings for each person, in order. One look into the database, however many there are.
    """
    people = [normalise(person) for person in people]
    names = labels or [f"nomor urut {number}" for number in range(1, len(people) + 1)]
    found = [
        check_person(person, office=office, decree_valid_until=decree_valid_until, today=today)
        for person in people
    ]
    for findings in found[MAX_PEOPLE:]:
        findings.refuse(
            "",
            f"Satu permohonan memuat paling banyak {MAX_PEOPLE} personel. "
            "Pindahkan selebihnya ke permohonan lain.",
        )
    _check_identities(people, names, found)
    _check_belongings(people, names, found)
    in_use = user_ids_in_use((person.proposed_user_id for person in people), outside=request)
    for person, findings in zip(people, found, strict=True):
        if person.proposed_user_id.lower() in in_use:
            findings.warn(
                "proposed_user_id",
                f"Usulan user id “{person.proposed_user_id}” sudah dipakai atau diusulkan pada "
                "permohonan lain. Pastikan pemiliknya orang yang sama, atau usulkan yang lain.",
            )
    return found


def _check_identities(
    people: Sequence[PersonData], names: Sequence[str], found: Sequence[Findings]
) -> None:
    """One account of each kind for one person: NIP and kind are unique in the batch."""
    numbers = [(person.nip, person.account_kind) if person.nip else None for person in people]
    for index, same in _repeated(numbers):
        found[index].refuse(
            "nip",
            "NIP/NI PPPK ini sudah tercantum dengan jenis akun yang sama "
            f"({_named(same, names)}). Satu orang memegang satu akun tiap jenis: hapus salah "
            "satu, atau ubah jenis akunnya.",
        )
    nameless = [
        (person.full_name.casefold(), person.account_kind)
        if person.full_name and not person.nip
        else None
        for person in people
    ]
    for index, same in _repeated(nameless):
        found[index].warn(
            "full_name",
            f"Nama lengkap ini sudah tercantum dengan jenis akun yang sama "
            f"({_named(same, names)}). Pastikan keduanya bukan orang yang sama.",
        )


def _check_belongings(
    people: Sequence[PersonData], names: Sequence[str], found: Sequence[Findings]
) -> None:
    """A user id and a form number belong to one Formulir, an e-mail address to one person."""
    for index, same in _repeated([person.proposed_user_id.lower() or None for person in people]):
        found[index].refuse(
            "proposed_user_id",
            f"Usulan user id “{people[index].proposed_user_id}” dipakai pula pada "
            f"{_named(same, names)}. Usulkan user id yang lain.",
        )
    for index, same in _repeated([person.email.casefold() or None for person in people]):
        strangers = [other for other in same if _owner(people[other]) != _owner(people[index])]
        if strangers:
            found[index].refuse(
                "email",
                f"E-mail {people[index].email} dipakai pula oleh orang lain "
                f"({_named(strangers, names)}). Satu alamat milik satu orang: isikan alamat "
                "milik masing-masing.",
            )
    for index, same in _repeated([person.form_number.casefold() or None for person in people]):
        found[index].warn(
            "form_number",
            f"Nomor Formulir “{people[index].form_number}” dipakai pula pada "
            f"{_named(same, names)}. Periksa kembali nomornya.",
        )


def _repeated(keys: Sequence[Hashable | None]) -> Iterator[tuple[int, list[int]]]:
    """Each index whose key (None: no key) occurs again, with the other indexes of that key."""
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        if key is not None:
            groups[key].append(index)
    for group in groups.values():
        for index in group if len(group) > 1 else ():
            yield index, [other for other in group if other != index]


def _named(indexes: Iterable[int], names: Sequence[str]) -> str:
    """The others, the first five of them by name."""
    every = [names[index] for index in indexes]
    more = f", dan {len(every) - 5} lainnya" if len(every) > 5 else ""
    return ", ".join(every[:5]) + more


def _owner(person: PersonData) -> str:
    """Who a person is within a batch: the NIP, or without one the name."""
    return person.nip or person.full_name.casefold()
