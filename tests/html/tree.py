"""tree.py - a page as a tree, read strictly: what a browser would mend is an error. And the
numbers that a page shows, read back. For the tests beside it.
"""

import functools
import html.parser
import re

VOID = {"meta", "link", "input", "br"}
PREFIXES = {"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12,
            "ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}


class Element:
    def __init__(self, name, attributes, parent):
        self.name, self.attributes, self.parent = name, attributes, parent
        self.inside = []

    def get(self, name):
        return self.attributes.get(name)

    def classes(self):
        return (self.get("class") or "").split()

    def text(self):
        return "".join(part if isinstance(part, str) else part.text() for part in self.inside)

    def children(self, *names):
        return [part for part in self.inside
                if isinstance(part, Element) and (not names or part.name in names)]

    def all(self, *names):
        """Every element of these names below this one, in their order."""
        found = []
        for part in self.children():
            found += [part] if not names or part.name in names else []
            found += part.all(*names)
        return found

    def of_class(self, word):
        return [part for part in self.all() if word in part.classes()]


class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = self.at = Element("", {}, None)
        self.errors = []
        self.doctype = None

    def handle_decl(self, decl):
        self.doctype = decl

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.errors.append(f"<{tag}> has an attribute twice: {names}")
        element = Element(tag, dict(attrs), self.at)
        self.at.inside.append(element)
        if tag not in VOID:
            self.at = element

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.at = self.at.parent

    def handle_endtag(self, tag):
        if tag != self.at.name:
            self.errors.append(f"</{tag}> ends <{self.at.name}>, line {self.getpos()[0]}")
        if self.at.parent is not None:
            self.at = self.at.parent

    def handle_data(self, data):
        self.at.inside.append(data)


@functools.lru_cache(maxsize=2)
def read(document):
    """(tree, errors) of the bytes of a page."""
    reader = Reader()
    reader.feed(document.decode("utf-8"))
    reader.close()
    if reader.at is not reader.root:
        reader.errors.append(f"<{reader.at.name}> is never ended")
    if reader.doctype != "DOCTYPE html":
        reader.errors.append(f"doctype {reader.doctype!r}")
    return reader.root, reader.errors


def number(text):
    """What a cell says, of a time in nanoseconds; None when it says nothing."""
    found = re.fullmatch(r"([0-9.,]+)([kMGT]?|[num]?s)", text)
    if found is None:
        return None
    return float(found[1].replace(",", "")) * PREFIXES[found[2]]


def shown_as(text, value):
    """Whether a cell of three digits can stand for the value."""
    if text == "<.001":
        return 0 <= value < 0.0006
    shown = number(text)
    return shown is not None and abs(shown - value) <= abs(value) * 0.0051 + 0.00051
