"""The forms of a page as a browser finds them: where each is sent, and what it would send."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class PageForm:
    """One form that is sent by POST. ``typed`` is what it sends untouched, ``names`` all fields."""

    action: str
    typed: dict[str, str] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.found: list[PageForm] = []
        self._by_id: dict[str, PageForm] = {}
        self._open: PageForm | None = None
        self._text_of = ""
        self._select = ""
        self._target: PageForm | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            form = PageForm(given.get("action") or self.address)
            if given.get("method", "").lower() == "post":
                self.found.append(form)
            self._open = form
            self._by_id[given.get("id", "")] = form
            return
        own = self._by_id.get(given["form"]) if "form" in given else self._open
        if tag == "option" and self._select and self._target is not None:
            if "selected" in given or self._select not in self._target.typed:
                self._target.typed[self._select] = given.get("value", "")
        elif own is not None and given.get("name"):
            self._control(tag, given, own)

    def _control(self, tag: str, given: dict[str, str], form: PageForm) -> None:
        name, kind = given["name"], given.get("type", "text").lower()
        if tag in {"input", "select", "textarea"} and name not in form.names:
            form.names.append(name)
        if tag == "select":
            self._select, self._target = name, form
        elif tag == "textarea":
            self._text_of, self._target = name, form
            form.typed[name] = ""
        elif tag == "input" and kind in {"radio", "checkbox"}:
            # The first choice, where the page leaves it open: a form that nobody fills in is dull.
            if "checked" in given or name not in form.typed:
                form.typed[name] = given.get("value", "on")
        elif tag == "input" and kind not in {"file", "submit", "image", "reset", "button"}:
            form.typed[name] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._text_of and self._target is not None:
            self._target.typed[self._text_of] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._text_of = ""


def forms_of(page: str, address: str) -> list[PageForm]:
    """The forms of ``page``, which was opened at ``address``, that are sent by POST."""
    reader = _Reader(address)
    reader.feed(page)
    return reader.found
