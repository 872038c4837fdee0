"""What a browser would send: the fields of a page's form as they stand."""

from html.parser import HTMLParser


class _Forms(HTMLParser):
    def __init__(self):
        super().__init__()
        self.forms, self.form, self.select, self.area = [], None, None, None

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.form = {"action": given.get("action", ""), "method": given.get("method", "get"), "fields": {}}
            self.forms.append(self.form)
        if self.form is None:
            return
        name = given.get("name")
        if tag == "input" and name:
            ticked = given.get("type") not in ("checkbox", "radio") or "checked" in given
            if ticked and given.get("type") not in ("file", "submit"):
                self.form["fields"][name] = given.get("value", "on" if given.get("type") == "checkbox" else "")
        elif tag == "select":
            self.select = name
            self.form["fields"].setdefault(name, None)
        elif tag == "option" and self.select:
            if "selected" in given or self.form["fields"][self.select] is None:
                self.form["fields"][self.select] = given.get("value", "")
        elif tag == "textarea":
            self.area = name
            self.form["fields"][name] = ""

    def handle_data(self, data):
        if self.area:
            self.form["fields"][self.area] += data.removeprefix("\n")

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        self.select = None if tag == "select" else self.select
        self.area = None if tag == "textarea" else self.area


def form_of(response, holding):
    """(action, fields) of the form on the page that has a field of that name."""
    parser = _Forms()
    parser.feed(response.content.decode())
    found = [form for form in parser.forms if holding in form["fields"]]
    assert len(found) == 1, f"{len(found)} forms hold {holding}"
    return found[0]["action"], found[0]["fields"]
