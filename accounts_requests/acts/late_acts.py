"""The acts that may be entered later than they happened: what each needs, and how it is done."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts_requests import account_policies, papers, policies
from accounts_requests.answers import Answer
from accounts_requests.answers import check as check_answers
from accounts_requests.exceptions import InvalidInput, NotAllowedNow
from accounts_requests.models import AccountRequest, LateEntry, User
from accounts_requests.states import Act
from accounts_requests.uploads import Upload

from .archiving import archive
from .deciding import issue_decree, order_accounts
from .executing import claim, record_accounts
from .gate import open_run_of


@dataclass(frozen=True, kw_only=True)
class LateDetails:
    """What the act's own form gave: answers and location (archive), number and note (order), or
    number, date and the signed SK with the keys of the differences that were confirmed (issue). No
    secret is among them.
    """

    answers: Mapping[int, Answer] = field(default_factory=dict)
    location: str = ""
    number: str = ""
    note: str = ""
    date: dt.date | None = None
    signed_file: Upload | None = None
    confirmed: Collection[str] = ()

    def stored(self) -> dict[str, Any]:
        """As ``LateEntry.details`` keeps it until the decision."""
        answers = {
            str(key): {"met": answer.met, "explanation": answer.explanation}
            for key, answer in self.answers.items()
        }
        kept: dict[str, Any] = {
            "answers": answers,
            "location": self.location.strip(),
            "number": self.number.strip(),
            "note": self.note.strip(),
            "date": self.date.isoformat() if self.date else "",
        }
        return {name: value for name, value in kept.items() if value}

    @classmethod
    def of(cls, entry: LateEntry) -> "LateDetails":
        """What a proposal keeps."""
        return cls(
            answers={
                int(key): Answer(met=answer["met"], explanation=answer["explanation"])
                for key, answer in entry.details.get("answers", {}).items()
            },
            location=entry.details.get("location", ""),
        )


def carry_out(
    act: Act, case: AccountRequest, actor: User, details: LateDetails, happened_at: dt.datetime
) -> None:
    """Carry ``act`` out by ``actor`` as of ``happened_at`` (UTC); raises what the act raises."""
    match act:
        case Act.ISSUE_DECREE:
            issue_decree(
                case,
                actor=actor,
                number=details.number,
                date=details.date,
                signed_file=details.signed_file,
                confirmed=details.confirmed,
                happened_at=happened_at,
            )
        case Act.ORDER:
            order_accounts(
                case,
                actor=actor,
                order_number=details.number,
                note=details.note,
                happened_at=happened_at,
            )
        case Act.CLAIM:
            claim(case, actor=actor, happened_at=happened_at)
        case Act.RECORD_ACCOUNTS:
            record_accounts(case, actor=actor, answers=details.answers, happened_at=happened_at)
        case Act.ARCHIVE:
            archive(
                case,
                actor=actor,
                answers=details.answers,
                location=details.location,
                happened_at=happened_at,
            )
        case _:
            raise ValueError(f"{act} is never entered late.")


def check_act(act: Act, case: AccountRequest, details: LateDetails) -> None:
    """What the act will ask for, asked before anybody is bothered with a confirmation."""
    if act == Act.CLAIM:
        if case.assignee is not None:
            raise NotAllowedNow(
                f"Tugas ini dipegang oleh {case.assignee.titled_name}, sehingga tidak ada "
                "pengambilan tugas yang dapat dicatat susulan."
            )
        return
    if act == Act.RECORD_ACCOUNTS:
        account_policies.check_all_have_outcome(case)
    else:
        policies.check_papers_ready(papers.owed(case), papers.failed(case))
    asked = open_run_of(case).step.requirements.values_list("pk", flat=True)
    if errors := check_answers(details.answers, list(asked)):
        raise InvalidInput(errors)
