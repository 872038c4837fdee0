"""Where the links of a page lead, and addresses as patterns, so that a crawl can end."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

NUMBER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\d|\d+")


class Links(HTMLParser):
    """Everything on a page that is fetched or can be opened by a click."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        opened = given.get("href") if tag == "a" else given.get("src") if tag in ("img", "iframe") else None
        form = given.get("action") if tag == "form" and given.get("method", "get").lower() == "get" else None
        self.found += [address for address in (opened, form, given.get("hx-get")) if address]


class Elements(HTMLParser):
    """What a page is made of: kinds of elements, each with what it stands in, whatever is written in them."""

    EMPTY = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")

    def __init__(self):
        super().__init__()
        self.found, self.inside = set(), [""]

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        looks = tuple(given.get(name) for name in ("class", "type", "role"))
        self.found.add((self.inside[-1], tag, looks, tuple(sorted(given))))
        if tag not in self.EMPTY:
            self.inside.append(tag)

    def handle_endtag(self, tag):
        while len(self.inside) > 1 and self.inside.pop() != tag:
            pass


def elements_of(html):
    """Kinds of elements of a page."""
    parser = Elements()
    parser.feed(html)
    return parser.found


def links_of(html, at):
    """Paths of this site, with their queries, that the page at the path ``at`` leads to."""
    parser = Links()
    parser.feed(html)
    parts = [urlsplit(urljoin(f"http://testserver{at}", address)) for address in parser.found]
    own = [part for part in parts if part.netloc == "testserver" and not part.path.startswith("/static/")]
    return [part.path + (f"?{part.query}" if part.query else "") for part in own]


def pattern_of(address):
    """/reviews/7?sort=title and /reviews/8?sort=day are the same page with other numbers."""
    parts = urlsplit(address)
    keys = sorted({pair.split("=")[0] for pair in parts.query.split("&") if pair})
    return NUMBER.sub("N", parts.path) + ("?" + "&".join(keys) if keys else "")
