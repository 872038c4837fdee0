"""Seeded simulations that measure how often each method is wrong: pure numpy, no Django.

Each module here holds one or more simulations; the list below is the register. The long run is a command
(``manage.py simulate NAME --repeats N --seed S``); the tests run each with few repeats and hold it to its bounds.
"""

from metrics.simulations import (
    changes,
    charts,
    comparisons,
    creeping,
    effects,
    fleets,
    icons,
    incontrol,
    raters,
    staying,
    surveys,
    targets,
)
from metrics.simulations.report import Bound, Report, Simulation

MODULES = (changes, charts, comparisons, creeping, effects, fleets, icons, incontrol, raters, staying, surveys, targets)
SIMULATIONS: dict[str, Simulation] = {one.name: one for module in MODULES for one in module.SIMULATIONS}

__all__ = ["SIMULATIONS", "Bound", "Report", "Simulation"]
