"""A case at step 4 for the tests of mail: the rows a message needs, and nothing else."""

import datetime as dt

from model_bakery import baker

from accounts_requests import credentials
from accounts_requests.models import Account, AccountRequest, Office, Registrant, User
from accounts_requests.states import (
    AccountKind,
    AccountState,
    CaseState,
    Employment,
    SigningMethod,
)

from . import offices

NOW = dt.datetime(2026, 3, 12, 1, 30, tzinfo=dt.UTC)  # Thursday 09.30 WITA


def office() -> Office:
    """Return the office, made at the first call."""
    existing = Office.objects.first()
    if existing is not None:
        return existing
    return baker.make(
        Office,
        government="Pemerintah Provinsi Contoh",
        secretariat="Sekretariat Daerah",
        name="Biro Pengadaan Barang dan Jasa",
        phone="(0541) 700000",
        email="lpse@contoh.go.id",
        city="Samarinda",
        lpse_name="LPSE Provinsi Contoh",
        target_name="SPSE 4.x",
        target_url="https://spse.contoh.go.id/",
        target_guide_url="https://spse.contoh.go.id/panduan",
    )


def person(username: str = "admin.ppe", email: str = "admin.ppe@contoh.go.id") -> User:
    """Return a person who signs in, made at the first call."""
    existing = User.objects.filter(username=username).first()
    if existing is not None:
        return existing
    return baker.make(
        User, username=username, full_name="Siti Aminah", title_after="S.Kom.", email=email
    )


def case(number: str = "2026-0001") -> AccountRequest:
    """Return a case whose accounts are made and whose mail is to be sent."""
    office()
    holder = person()
    return baker.make(
        AccountRequest,
        number=number,
        state=CaseState.ACCOUNTS_CREATED,
        sop_revision=offices.a_revision(),
        created_by=holder,
        created_at=NOW,
        received_at=NOW,
        decree_number=f"000.3/{number}/B.PBJ-II",
        decree_date=NOW.date(),
        subject="Akun Verifikator",
        signing_method=SigningMethod.IN_APP,
        people_locked_at=NOW,
        issued_at=NOW,
        ordered_at=NOW,
        accounts_created_at=NOW,
        assignee=holder,
    )


def account(
    request: AccountRequest, position: int = 1, *, state: AccountState = AccountState.QUEUED
) -> Account:
    """Return an account of ``request`` that was created in SPSE, with a live password."""
    registrant = baker.make(
        Registrant,
        request=request,
        position_in_list=position,
        account_kind=AccountKind.VERIFIKATOR,
        full_name="Budi Santoso",
        title_before="Ir.",
        title_after="M.T.",
        employment=Employment.NON_ASN,
        proposed_user_id=f"budi.{position}",
        email=f"budi{position}@contoh.go.id",
        statement_date=NOW.date(),
        valid_until=dt.date(2026, 12, 31),
    )
    made = baker.make(
        Account,
        registrant=registrant,
        state=state,
        user_id=f"budi.{position}",
        registered_email=f"budi{position}@contoh.go.id",
        recorded_by=request.assignee,
        recorded_at=NOW,
    )
    credentials.keep(made, credentials.generate_password(), at=NOW)
    return made
