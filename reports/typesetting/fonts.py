"""Fonts from installed packages: DejaVu Sans comes with matplotlib, Nanum Gothic lies in the assets folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import matplotlib
import typst
from django.conf import settings
from matplotlib import font_manager

FAMILIES = ["DejaVu Sans", "NanumGothic"]


def folders() -> list[Path]:
    """Where font files are read from; nothing else is opened while a paper is set."""
    own = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return [own, settings.ASSETS_DIR / "koreanize_matplotlib" / "fonts"]


@cache
def register() -> None:
    """Make the Korean font known to matplotlib, once per process."""
    for file in sorted(folders()[1].glob("NanumGothic*.ttf")):
        font_manager.fontManager.addfont(str(file))


@cache
def of_typst() -> typst.Fonts:
    """The fonts for typst, read once per process; never those of the machine."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(one) for one in folders()]
    )
