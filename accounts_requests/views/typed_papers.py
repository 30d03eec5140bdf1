"""Papers as they are being typed, each for the frame beside its form. Nothing is stored.

Whoever may send the form may see its paper, and nobody else.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from accounts_requests import clock, documents, permissions, workflow
from accounts_requests.decree_data import FIELD_TITLES
from accounts_requests.forms.decree import DecreeForm
from accounts_requests.forms.order import OrderForm
from accounts_requests.models import Office, Registrant
from accounts_requests.models.office import OrderDocument
from accounts_requests.states import Act, DocumentKind

from .drafting import source_of
from .support import actor, find_request, page
from .workspace import guard

# A paper on screen carries its style with it and nothing else; it runs no script wherever it is
# shown, and only a page of ours may show it in a frame.
PAPER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; sandbox allow-same-origin"
)


@xframe_options_sameorigin
@page
@require_POST
def decree_typed(request: HttpRequest, number: str) -> HttpResponse:
    """The Konsep SK of a draft with what is being typed.

    What cannot be understood yet stands as it was last stored, and the page says which.
    """
    case = find_request(number)
    guard(Act.EDIT, case, actor(request))
    form = DecreeForm(request.POST)
    form.is_valid()
    typed, unclear = form.decree(), _unclear(form)
    for name in FIELD_TITLES:
        if name not in unclear:
            setattr(case, name, getattr(typed, name))
    notes = [f"Masih menurut simpanan terakhir: {_titles(unclear)}."] if unclear else []
    return _shown(documents.concept_on_screen(case, at=clock.now(), notes=notes))


@xframe_options_sameorigin
@page
@require_POST
def new_decree_typed(request: HttpRequest) -> HttpResponse:
    """The Konsep SK of a case that is not opened yet; ``?salin=<number>`` brings its people along.

    What cannot be understood yet is left blank, and the page says which.
    """
    permissions.require(Act.CREATE, actor(request))
    source = source_of(request.GET.get("salin", ""))
    form = DecreeForm(request.POST)
    form.is_valid()
    at, unclear = clock.now(), _unclear(form)
    case = workflow.unsaved_request(form.decree(), at=at)
    people: list[Registrant] = []
    if source is not None:
        people = list(source.registrants.order_by("position_in_list"))
        for person in people:
            person.valid_until = None  # a copy is given its own
    notes = [f"Belum dapat dibaca: {_titles(unclear)}."] if unclear else []
    if not people:
        notes.append("Jenis akun dan Lampiran menyusul dari daftar personel.")
    return _shown(documents.concept_on_screen(case, at=at, notes=notes, people=people))


@xframe_options_sameorigin
@page
@require_POST
def order_typed(request: HttpRequest, number: str) -> HttpResponse:
    """The Surat Perintah or Nota Dinas with what is being typed; 404 where the office has none."""
    case = find_request(number)
    user = actor(request)
    guard(Act.ORDER, case, user)
    kind = order_kind(Office.current())
    if kind is None:
        raise Http404("The office orders without a paper.")
    form = OrderForm(request.POST)
    form.is_valid()
    case.order_number = form.cleaned_data.get("order_number", "").strip()
    case.order_note = form.cleaned_data.get("note", "").strip()
    return _shown(documents.order_on_screen(kind, case, at=clock.now(), signer=user))


def order_kind(office: Office) -> DocumentKind | None:
    """Which paper an order leaves in this office, or None."""
    kinds = {
        OrderDocument.LETTER: DocumentKind.ORDER,
        OrderDocument.MEMO: DocumentKind.ORDER_MEMO,
    }
    return kinds.get(OrderDocument(office.order_document))


def _unclear(form: DecreeForm) -> list[str]:
    return [name for name in FIELD_TITLES if name in form.errors]


def _titles(names: list[str]) -> str:
    return ", ".join(FIELD_TITLES[name].lower() for name in names)


def _shown(html: str) -> HttpResponse:
    answer = HttpResponse(html)
    answer["Content-Security-Policy"] = PAPER_POLICY
    return answer
