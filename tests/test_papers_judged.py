"""Every paper is a PDF/A-3a and a PDF/UA-1 at once, in the judgement of veraPDF.

One test for all of them: each process of the tests that took a part would start a veraPDF of its
own.
"""

import io
import os
from pathlib import Path

import pikepdf
import pytest

from accounts_requests.documents import RENDERED_KINDS

from . import paper_samples, pdf_judge
from .cases import OfficePeople
from .conftest import TEMPLATES
from .test_documents import page

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(pdf_judge.missing() != "", reason=pdf_judge.missing() or "complete"),
]


def test_every_paper_in_its_worst_shape_complies_with_both_standards(
    office_people: OfficePeople, without_guard_rails: None
) -> None:
    broken: dict[str, list[str]] = {}
    templates, kinds = set(), set()
    with pdf_judge.judging() as judge:
        untagged = judge.broken_rules(_without_tags(page("<p>Halo</p>").data), "3a", "ua1")
        assert [rule.split(" (")[0] for rule in untagged] == [
            "3a 6.7.2.2-1",
            "3a 6.7.3.3-1",
            "ua1 6.2-1",
            "ua1 7.1-11",
            "ua1 7.1-3",
        ]
        for sample in paper_samples.all_samples(office_people):
            if folder := os.environ.get("KEEP_PAPERS"):  # to look at them
                name = sample.name.replace("/", "-")
                (Path(folder) / f"{name}.pdf").write_bytes(sample.data)
            templates.add(sample.template)
            kinds |= {sample.kind} - {None}
            if rules := judge.broken_rules(sample.data, *sample.profiles):
                broken[sample.name] = rules
    assert broken == {}
    ours = {path.name for path in (TEMPLATES / "documents").glob("[!_]*.html")}
    assert templates == ours, "a paper without a sample, or a sample without its paper"
    assert kinds == RENDERED_KINDS


def _without_tags(paper: bytes) -> bytes:
    """The same paper, claiming as much, without the tree of its tags."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        del pdf.Root.StructTreeRoot
        del pdf.Root.MarkInfo
        pdf.save(target)
    return target.getvalue()
