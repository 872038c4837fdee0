"""A folder of tables analysed: inputs and answers laid out like those of the reference, so that anybody can compare."""

from dataclasses import dataclass
from pathlib import Path

from ..settings import Settings
from . import agreement, attributes, completed, funnel, shares, xmr
from .reading import Table, TableError
from .xmr import read_folder

__all__ = ["TableError", "Written", "analyse_folder", "read_folder"]

INPUTS = (*xmr.INPUTS, *attributes.INPUTS, *completed.INPUTS, *funnel.INPUTS, *shares.INPUTS, *agreement.INPUTS)


@dataclass(frozen=True)
class Written:
    """Names of the tables written; how many series of the XmR tables were analysed and refused, and how many funnels
    left out (see ``funnel.tables_of``)."""

    names: list[str]
    analysed: int
    refused: int
    left_out: int = 0


def analyse_folder(folder: Path, output: Path, settings: Settings) -> Written:
    """Write every table whose input the folder holds. Nothing is written if one of them cannot be read.

    Raises TableError: also (reason ``nothing``) where the folder holds none of INPUTS.
    """

    def held(names: tuple[str, ...]) -> bool:
        return any((folder / name).is_file() for name in names)

    if not held(INPUTS):
        raise TableError(folder, 0, "", "", "nothing")
    charts = xmr.tables_of(folder, settings) if held(xmr.INPUTS) else xmr.Analysed([], 0, 0)
    tables: list[Table] = [*charts.tables]
    for part in (attributes, completed, shares, agreement):
        tables += part.tables_of(folder) if held(part.INPUTS) else []
    funnels, left_out = funnel.tables_of(folder, settings) if held(funnel.INPUTS) else ([], 0)
    tables += funnels
    output.mkdir(parents=True, exist_ok=True)
    for table in tables:
        (output / table.name).write_text(table.text, encoding="utf-8", newline="")
    return Written([table.name for table in tables], charts.analysed, charts.refused, left_out)
