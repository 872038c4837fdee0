"""Every mode of every public function of metrics/trends: the values that a flag, a choice of words, a code or a direction
can take. They are read from the annotations and from the names of the codes, so that a new one is asked for here."""

import importlib
import inspect
import pkgutil
import typing

import numpy as np

import metrics.trends
from metrics.trends import choice, periods, scales
from metrics.trends.arrays import Codes
from metrics.trends.batch import Batch
from metrics.trends.settings import Settings

from . import ordinary
from .ordinary_apart import APART, public_functions

DIRECTIONS = {-1, 0, 1}
# Named by a string that no annotation lists.
NAMED = {"period": {value for name, value in vars(periods).items() if name.isupper() and isinstance(value, str)}}
# Codes by the function that takes them.
CODED = {
    "scales.scanned": {
        "scale": {value for name, value in vars(scales).items() if name.isupper() and type(value) is int}
    },
    "charting.to_scale": {"charts": set(choice.NAMES) - {choice.AUTOMATIC}},
}
BATCH = {"direction": DIRECTIONS, "screen": {True, False}}


def modules():
    for module in pkgutil.walk_packages(metrics.trends.__path__, "metrics.trends."):
        if ".tables" not in module.name:
            yield importlib.import_module(module.name)


def found(full):
    module, name = full.split(".")
    return getattr(importlib.import_module(f"metrics.trends.{module}"), name)


def modes():
    """{(function, parameter): its values} of all that are public."""
    wanted = {}
    for full in sorted(public_functions()):
        hints = typing.get_type_hints(found(full))
        for name in inspect.signature(found(full)).parameters if APART.get(full) != "of dates alone" else ():
            kind = hints.get(name)
            values = values_of(full, name, kind)
            if values:
                wanted[full, name] = values
            inside = {Settings: of_settings(), Batch: BATCH}.get(kind, {}) if full == "analysis.analyse" else {}
            wanted |= {(full, f"{name}.{one}"): values for one, values in inside.items()}
    return wanted


def values_of(full, name, kind):
    if name in CODED.get(full, {}):
        return CODED[full][name]
    if kind is bool:
        return {True, False}
    if typing.get_origin(kind) is typing.Literal:
        return set(typing.get_args(kind))
    if name == "direction":
        return DIRECTIONS
    return NAMED.get(name) if kind is str else None


def of_settings():
    hints = typing.get_type_hints(Settings)
    return {name: values for name, kind in hints.items() if (values := values_of("", name, kind))}


def nameless():
    """Words and codes whose values nobody has said."""
    for full in sorted(public_functions()):
        hints = typing.get_type_hints(found(full))
        for name in inspect.signature(found(full)).parameters:
            said = values_of(full, name, hints.get(name)) or full in WITHOUT
            if hints.get(name) in (str, Codes) and not said:
                yield f"{full} {name}"


# Words and codes that are data, not modes.
WITHOUT = {"choice.wanted": "of words alone", "second.since_of": "sides of points"}


class Recorder:
    """Calls go on; what their modes were is kept."""

    def __init__(self):
        self.seen = {}

    def around(self, full, function):
        shape = inspect.signature(function)

        def called(*args, **kwargs):
            bound = shape.bind(*args, **kwargs)
            bound.apply_defaults()
            for name, value in bound.arguments.items():
                self.keep(full, name, value)
            return function(*args, **kwargs)

        return called

    def keep(self, full, name, value):
        kept = self.seen.setdefault((full, name), set())
        if isinstance(value, (Settings, Batch)):
            for one in of_settings() if isinstance(value, Settings) else BATCH:
                self.keep(full, f"{name}.{one}", getattr(value, one))
        elif isinstance(value, np.ndarray):
            kept |= set(np.unique(value).tolist()) if value.dtype.kind in "iub" else set()
        elif isinstance(value, (str, bool, int, np.integer, np.bool_)):
            kept.add(value.item() if isinstance(value, np.generic) else value)
        elif isinstance(value, (list, tuple)) and all(type(one) in (int, bool) for one in value):
            kept |= set(value)


def walked(monkeypatch, series):
    """{(function, parameter): the values with which it was called} while every method is given these series."""
    recorder = Recorder()
    for full in public_functions():
        function = found(full)
        wrapped = recorder.around(full, function)
        for module in (*modules(), metrics.trends, ordinary):
            for name, thing in list(vars(module).items()):
                if thing is function:
                    monkeypatch.setattr(module, name, wrapped)
    for method in ordinary.METHODS.values():
        for values in series:
            method(list(values))
    return recorder.seen
