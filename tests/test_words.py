"""Every word that a person reads is marked for translation."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = sorted((ROOT / "templates").rglob("*"))
MARKED = re.compile(
    r"\{% comment.*?endcomment %\}|\{% block body_class %\}.*?\{% endblock %\}|"
    r"\{#.*?#\}|\{% (blocktrans|blocktranslate).*?end\1 %\}|\{%.*?%\}|\{\{.*?\}\}",
    re.S,
)
READ_ALOUD = re.compile(r"\b(?:placeholder|title|aria-label|alt|content)=\"([^\"]*)\"")
WORD = re.compile(r"[^\W\d_]{2,}")
# Names, not words: they stay in every language.
NAMES = {"CSV", "XLSX", "PDF", "SHA", "HMAC", "UTC", "width", "device", "initial", "scale", "light", "dark"}


def unmarked(text: str) -> list[str]:
    """Words in a template that no translator would ever see."""
    text = MARKED.sub(" ", text)
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.S)
    text = re.sub(r"<meta[^>]*>", " ", text)
    aloud = " ".join(READ_ALOUD.findall(text))
    plain = re.sub(r"<[^>]*>", " ", text)
    plain = re.sub(r"&\w+;", " ", plain)
    return [word for word in WORD.findall(f"{plain} {aloud}") if word not in NAMES]


def test_templates_are_marked_for_translation():
    found = {
        str(path.relative_to(ROOT)): unmarked(path.read_text())
        for path in TEMPLATES
        if path.suffix in (".html", ".txt")
    }
    assert {path: words for path, words in found.items() if words} == {}


def test_the_guard_sees_unmarked_text():
    assert unmarked(
        '<p>Hello {% trans "you" %}</p><input placeholder="Name"> {% blocktrans %}x y{% endblocktrans %}'
    ) == [
        "Hello",
        "Name",
    ]


def literal_words(call: ast.Call) -> list[str]:
    return [
        keyword.value.value
        for keyword in call.keywords
        if keyword.arg in {"label", "help_text", "verbose_name", "empty_label"}
        and isinstance(keyword.value, ast.Constant)
        and isinstance(keyword.value.value, str)
        and WORD.search(keyword.value.value)
    ]


def test_labels_and_messages_in_code_are_marked():
    apps = ("teams", "jobs", "notices", "processes", "metrics", "reviews", "improvements", "reports", "cxreview")
    bare = []
    for app in apps:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" in path.parts or "management" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call):
                    continue
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                words = literal_words(node)
                if called in {"Refused", "ValidationError"} or (
                    called in {"success", "warning", "error", "info"}
                    and getattr(getattr(node.func, "value", None), "id", "") == "messages"
                ):
                    position = 0 if called == "ValidationError" else 1
                    args = node.args[position : position + 1]
                    words += [a.value for a in args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                    words += ["f-string" for a in args if isinstance(a, ast.JoinedStr)]
                bare += [f"{path.relative_to(ROOT)}:{node.lineno} {word}" for word in words]
    assert bare == []


# Words that claim more than any chart can (design of trends, 3.4). The proof that an action was done is a file.
CLAIMS = re.compile(r"\b(?:in)?significan\w*|\bstatistically\b|\b(?:dis)?prov(?:e[sdn]?|ing)\b", re.I)
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "npgettext"}
TRANS = re.compile(r"\{%\s*trans(?:late)?\s+(\"[^\"]*\"|'[^']*')")
BLOCK = re.compile(r"\{%\s*blocktrans(?:late)?\b[^%]*%\}(.*?)\{%\s*endblocktrans(?:late)?\s*%\}", re.S)


def messages_in_code():
    """(where, text) of every text that a translator sees, in code."""
    apps = ("teams", "jobs", "notices", "processes", "metrics", "reviews", "improvements", "reports", "cxreview")
    for app in apps:
        for path in sorted((ROOT / app).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call):
                    continue
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                for one in node.args if called in CALLS else []:
                    if isinstance(one, ast.Constant) and isinstance(one.value, str):
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", one.value


def messages_in_templates():
    for path in TEMPLATES:
        if path.suffix in (".html", ".txt"):
            text = path.read_text()
            for found in [*TRANS.findall(text), *BLOCK.findall(text)]:
                yield str(path.relative_to(ROOT)), found


def test_no_text_claims_more_than_a_chart_can():
    """Never "significant", never "proves": in no sentence of the product, in code or on a page."""
    messages = [*messages_in_code(), *messages_in_templates()]
    assert [(where, text) for where, text in messages if CLAIMS.search(text)] == []
    assert len(messages) > 3_000


def test_no_word_of_a_translation_hides_from_the_guard():
    assert [bool(CLAIMS.search(text)) for text in ("A significant rise", "This proves it", "Approve it", "improves")] == [
        True, True, False, False,
    ]  # fmt: skip
