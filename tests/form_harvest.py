"""The forms of a page as a browser would send them: every field with the value that is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class PageForm:
    """One <form>: where it goes ("" is the page itself), what it holds, its buttons by value."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._inside = False
        self._area = ""
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = True
            self.forms.append(PageForm(given.get("action", ""), given.get("method", "get").lower()))
        elif self._inside:
            self._field(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            # The line break after <textarea> is not part of its value.
            self.forms[-1].fields[self._area] += data.removeprefix("\n")

    def _field(self, tag: str, given: Mapping[str, str]) -> None:
        fields, name = self.forms[-1].fields, given.get("name", "")
        if tag == "textarea":
            self._area = name
            fields[name] = ""
        elif tag == "select":
            self._select = name
            fields[name] = ""
        elif tag == "option" and "selected" in given and self._select:
            fields[self._select] = given.get("value", "")
        elif tag == "button" and name:
            self.forms[-1].buttons[given.get("value", "")] = name
        elif tag == "input" and name:
            kind = given.get("type", "text")
            if kind not in {"checkbox", "radio"}:
                fields[name] = given.get("value", "")
            elif "checked" in given:
                fields[name] = given.get("value", "on")


def form_on(page: str, *, having: str = "", action: str = "", button: str = "") -> PageForm:
    """The one POST form that has this field, this address or a button of this value."""
    reader = _Reader()
    reader.feed(page)
    fitting = [
        form
        for form in reader.forms
        if form.method == "post"
        and (not having or having in form.fields)
        and (not action or form.action == action)
        and (not button or button in form.buttons)
    ]
    assert len(fitting) == 1, [(form.action, sorted(form.fields)) for form in reader.forms]
    form = fitting[0]
    if button:
        form.fields[form.buttons[button]] = button
    return form
