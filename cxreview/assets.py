"""Third-party scripts and styles: found inside installed packages, never copied into the repository."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage


def package_folder(name: str) -> Path:
    """Where an installed package lies, found without importing it (the web process stays small)."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(name)
    return Path(spec.origin).parent


_bootstrap = settings.ASSETS_DIR / "flask_bootstrap" / "static" / "bootstrap5"
PACKAGE_FILES: dict[str, Path] = {
    "vendor/bootstrap.min.css": _bootstrap / "css" / "bootstrap.min.css",
    "vendor/bootstrap.min.css.map": _bootstrap / "css" / "bootstrap.min.css.map",
    "vendor/bootstrap.min.js": _bootstrap / "js" / "bootstrap.min.js",
    "vendor/bootstrap.min.js.map": _bootstrap / "js" / "bootstrap.min.js.map",
    "vendor/popper.min.js": _bootstrap / "umd" / "popper.min.js",
    "vendor/popper.min.js.map": _bootstrap / "umd" / "popper.min.js.map",
    "vendor/bootstrap-icons.min.css": _bootstrap / "css" / "font" / "bootstrap-icons.min.css",
    "vendor/fonts/bootstrap-icons.woff2": _bootstrap / "css" / "font" / "fonts" / "bootstrap-icons.woff2",
    "vendor/fonts/bootstrap-icons.woff": _bootstrap / "css" / "font" / "fonts" / "bootstrap-icons.woff",
    "vendor/htmx.min.js": package_folder("django_htmx") / "static" / "django_htmx" / "htmx-2.min.js",
    "vendor/plotly.min.js": package_folder("plotly") / "package_data" / "plotly.min.js",
}


class PackageFinder(BaseFinder):
    """Offers exactly the files above under ``vendor/``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location="/")

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        file = PACKAGE_FILES.get(path)
        if file is None or not file.exists():
            return []
        return [str(file)] if find_all else str(file)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for name, file in PACKAGE_FILES.items():
            if file.exists():
                yield name, _OneFile(name, file)


class _OneFile(FileSystemStorage):
    """A storage with a single file, known by the name under which it is served."""

    def __init__(self, name: str, file: Path) -> None:
        super().__init__(location=str(file.parent))
        self._name, self._file = name, file
        self.prefix = ""

    def path(self, name: str) -> str:
        return str(self._file)
