"""A page's form as a browser has it: where it is sent, and what it sends when nothing is typed."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any


@dataclass
class Form:
    """A form that is sent by POST; ``action`` is "" where it is sent to the page's own address."""

    action: str
    fields: dict[str, Any] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    buttons: dict[str, str] = field(default_factory=dict)  # name by value

    def add(self, name: str, value: str) -> None:
        """One more value; a name that comes again sends a list."""
        if name in self.fields:
            former = self.fields[name]
            self.fields[name] = [*(former if isinstance(former, list) else [former]), value]
        else:
            self.fields[name] = value


class _Reader(HTMLParser):
    """Collects the forms of a page with their controls, also those that stand outside of them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._by_id: dict[str, Form] = {}
        self._outside: list[tuple[str, dict[str, str]]] = []
        self._select: tuple[Form, str, list[str], list[str]] | None = None
        self._text: tuple[Form, str, list[str]] | None = None

    def close(self) -> None:
        super().close()
        for tag, given in self._outside:
            if given["form"] in self._by_id:
                self._control(tag, given, self._by_id[given["form"]])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(given.get("action", ""))
            self._by_id[given.get("id", "")] = self._open
            if given.get("method", "").lower() == "post":
                self.forms.append(self._open)
        elif tag == "option" and self._select is not None:
            _form, _name, every, chosen = self._select
            every.append(given.get("value", ""))
            if "selected" in given:
                chosen.append(given.get("value", ""))
        elif tag in {"input", "select", "textarea", "button"} and "disabled" not in given:
            if "form" in given:
                self._outside.append((tag, given))
            elif self._open is not None:
                self._control(tag, given, self._open)

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text[2].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select" and self._select is not None:
            form, name, every, chosen = self._select
            for value in chosen or every[:1]:
                form.add(name, value)
            self._select = None
        elif tag == "textarea" and self._text is not None:
            form, name, texts = self._text
            form.add(name, "".join(texts).removeprefix("\n"))
            self._text = None

    def _control(self, tag: str, given: dict[str, str], form: Form) -> None:
        name, kind = given.get("name", ""), given.get("type", "").lower()
        if tag == "button" or kind in {"submit", "image"}:
            form.buttons[given.get("value", "")] = name
            return
        form.names.add(name)
        if tag == "select":
            self._select = (form, name, [], [])
        elif tag == "textarea":
            self._text = (form, name, [])
        elif (
            name
            and kind not in {"file", "button", "reset"}
            and (kind not in {"radio", "checkbox"} or "checked" in given)
        ):
            form.add(name, given.get("value", "on" if kind == "checkbox" else ""))


def form_on(page: str, *, having: str = "", action: str = "", button: str = "") -> Form:
    """The first form of ``page`` that fits all that is asked.

    ``having`` names a field, ``action`` is where it is sent, ``button`` the value of a button,
    which then counts as pressed.
    """
    reader = _Reader()
    reader.feed(page)
    reader.close()
    for form in reader.forms:
        if (
            (not having or having in form.names)
            and (not action or form.action == action)
            and (not button or button in form.buttons)
        ):
            if button:
                form.add(form.buttons[button], button)
            return form
    raise AssertionError(f"No form with {having=}, {action=}, {button=}.")
