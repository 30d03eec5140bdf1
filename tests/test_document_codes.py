"""The short code of a paper: shaped alike, read forgivingly, and finding its paper again."""

import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts_requests import document_codes

PUBLIC_ID = uuid.UUID("3f0c9a71-52de-4b86-9d13-0a7be4c25f18")

random_ids = st.uuids(version=4)


@given(random_ids)
def test_every_code_has_one_shape_and_leads_back_to_its_paper_alone(public_id: uuid.UUID) -> None:
    code = document_codes.code_of(public_id)

    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){4}", code)
    assert document_codes.read(code) == code
    holding = [one for one in document_codes.ids_of(code) if one[0] <= public_id <= one[1]]
    assert len(holding) == 1
    # 100 bits are told, of the 122 that are random: 20 are open in each of the four ranges.
    sizes = {last.int - first.int + 1 for first, last in document_codes.ids_of(code)}
    assert sizes == {2**20}


@given(random_ids, random_ids)
def test_two_papers_that_differ_in_what_is_told_have_two_codes(
    one: uuid.UUID, other: uuid.UUID
) -> None:
    ranges = document_codes.ids_of(document_codes.code_of(one))
    is_told_alike = any(first <= other <= last for first, last in ranges)
    assert (document_codes.code_of(one) == document_codes.code_of(other)) == is_told_alike


@pytest.mark.parametrize(
    "typed",
    [
        "0O1I-LABC-DEFG-HJKM-NPQR",
        "0o1il abc defg hjkm npqr",
        "  001 11A.BCD_EFG–HJK—MNP-QR ",
        "00111ABCDEFGHJKMNPQR",
    ],
    ids=["as they look", "small, with spaces", "other strokes", "in one piece"],
)
def test_what_looks_alike_is_read_alike(typed: str) -> None:
    assert document_codes.read(typed) == "0011-1ABC-DEFG-HJKM-NPQR"


@pytest.mark.parametrize(
    "typed",
    ["", "7QK3", "0011-1ABC-DEFG-HJKM-NPQ", "0011-1ABC-DEFG-HJKM-NPQRS", "0011-1ABC-DEFG-HJKM-NPQU",
     "0011-1ABC-DEFG-HJKM-NPQ٣", "1" * 4000],
    ids=["nothing", "a group", "too short", "too long", "a letter that is none", "Arabic digits",
         "a flood"],
)  # fmt: skip
def test_what_no_paper_can_carry_is_no_code(typed: str) -> None:
    assert document_codes.read(typed) is None


def test_the_whole_id_that_older_papers_print_is_read_too() -> None:
    assert document_codes.read(str(PUBLIC_ID)) == document_codes.code_of(PUBLIC_ID)
