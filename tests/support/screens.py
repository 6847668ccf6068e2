"""Pages as a person has them before them: what is read, which buttons there are, pressed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient

_VOID = {"input", "link", "meta", "br", "hr", "img", "wbr"}
_UNSEEN = {"template", "script", "style", "title", "option", "textarea"}


@dataclass
class Element:
    """An element of a page."""

    tag: str
    attrs: dict[str, str] = field(default_factory=dict)
    inside: list["Element | str"] = field(default_factory=list)

    def all(self, tag: str = "", **attrs: str) -> Iterator["Element"]:
        """Give the elements within, by tag and by attributes; what is in a template is none."""
        wanted = {name.replace("_", "-"): value for name, value in attrs.items()}
        for part in self.inside:
            if isinstance(part, Element) and part.tag != "template":
                if tag in ("", part.tag) and wanted.items() <= part.attrs.items():
                    yield part
                yield from part.all(tag, **attrs)

    @property
    def text(self) -> str:
        """Give what is read of it."""
        parts = (
            part if isinstance(part, str) else part.text if part.tag not in _UNSEEN else ""
            for part in self.inside
        )
        return re.sub(r"\s+", " ", " ".join(parts)).strip()

    @property
    def value(self) -> str:
        """Give what a field holds."""
        if self.tag == "select":
            options = list(self.all("option"))
            return next((o for o in options if "selected" in o.attrs), options[0]).attrs["value"]
        if self.tag == "textarea":
            return "".join(part for part in self.inside if isinstance(part, str))
        return self.attrs.get("value", "")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("page")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while tag in [element.tag for element in self.open[1:]] and self.open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


class Screen:
    """A page in somebody's browser, without script."""

    def __init__(self, client: FlaskClient, path: str, **request: Any) -> None:
        self.client = client
        self.answer = client.open(path, follow_redirects=True, **request)
        self.status, self.html = self.answer.status_code, self.answer.text
        self.path = self.answer.request.full_path
        reader = _Reader()
        reader.feed(self.html)
        self.root = reader.root
        self.text = self.root.text

    def row(self, call_id: str) -> Element:
        """Give the element of a call."""
        return next(self.root.all(data_call_id=call_id))

    @property
    def call_ids(self) -> list[str]:
        """Give the ids of the calls that are shown, in their order."""
        found = (element.attrs.get("data-call-id") for element in self.root.all())
        return [call_id for call_id in found if call_id]

    def part(self, css_class: str) -> str:
        """Give what is read in the element of a class."""
        return next(self.root.all(**{"class": css_class})).text

    def press(self, name: str, call_id: str = "", **typed: str) -> "Screen":
        """Press a button, having filled in fields of its form, and give the page after it."""
        within = self.row(call_id) if call_id else self.root
        form, button = next(
            (form, button)
            for form in (within.all("form"))
            for button in form.all("button")
            if button.text == name
        )
        data = [
            (each.attrs["name"], each.value)
            for tag in ("input", "select", "textarea")
            for each in form.all(tag)
            if "name" in each.attrs
            and each.attrs["name"] not in typed
            and (each.attrs.get("type") != "checkbox" or "checked" in each.attrs)
        ]
        if "name" in button.attrs:
            data.append((button.attrs["name"], button.value))
        fields: dict[str, list[str]] = {}
        for key, value in [*data, *typed.items()]:
            fields.setdefault(key, []).append(value)
        path = form.attrs.get("action") or self.path
        if form.attrs.get("method") == "post":
            return Screen(self.client, path, method="POST", data=fields)
        return Screen(self.client, path, query_string=fields)


def buttons(element: Element) -> list[str]:
    """Give the accessible names of the buttons of an element."""
    return [button.text for button in element.all("button")]
