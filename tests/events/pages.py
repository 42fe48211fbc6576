"""Reading forms off pages the way a browser would fill them in."""

from __future__ import annotations

from html.parser import HTMLParser


class _Forms(HTMLParser):
    """All forms of a page, each with the values that a browser would send."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, list[tuple[str, str]]]] = []
        self.select: str | None = None
        self.options: list[tuple[str, bool]] = []
        self.area: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, given) -> None:
        values = {name: value or "" for name, value in given}
        if tag == "form":
            self.forms.append((values.get("action", ""), []))
        elif not self.forms:
            return
        elif tag == "input" and values.get("name") and values.get("type") not in ("submit", "file", "button"):
            if values.get("type") not in ("checkbox", "radio") or "checked" in values:
                self.forms[-1][1].append((values["name"], values.get("value", "on")))
        elif tag == "select":
            self.select, self.options = values.get("name"), []
        elif tag == "option" and self.select:
            self.options.append((values.get("value", ""), "selected" in values))
        elif tag == "textarea":
            self.area = (values["name"], [])

    def handle_data(self, data: str) -> None:
        if self.area:
            self.area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self.select:
            chosen = [value for value, is_chosen in self.options if is_chosen] or [self.options[0][0]]
            self.forms[-1][1].extend((self.select, value) for value in chosen)
            self.select = None
        elif tag == "textarea" and self.area:
            # A browser drops the first line break after the tag.
            self.forms[-1][1].append(
                (self.area[0], "".join(self.area[1]).removeprefix("\r\n").removeprefix("\n"))
            )
            self.area = None


def filled(page: str, holding: str) -> dict[str, list[str]]:
    """What the form that has a field `holding` would send as it stands."""
    parser = _Forms()
    parser.feed(page)
    for _action, fields in parser.forms:
        if any(name == holding for name, _value in fields):
            sent: dict[str, list[str]] = {}
            for name, value in fields:
                sent.setdefault(name, []).append(value)
            return sent
    raise AssertionError(f"no form with {holding} on the page")
