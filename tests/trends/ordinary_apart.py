"""The public functions of metrics/trends, and those that are given no ordinary data, each with the reason."""

import importlib
import inspect
import pkgutil

import metrics.trends

APART = {
    "breaks.chance_of": "called by find_breaks",
    "change.change_of": "called by read_effect",
    "charting.back": "called by analyse",
    "charting.on_scale": "called by analyse",
    "charting.slack_of": "called by analyse",
    "charting.to_lines": "called by analyse",
    "charting.to_scale": "called by analyse",
    "choice.wanted": "of words alone",
    "nulls.keys": "of lengths alone",
    "scan.normal_scores": "of a length alone",
    "nulls.rounded": "of autocorrelations that are known to be numbers",
    "nulls.shares": "of no data",
    "nulls.stable": "makes data",
    "nulls.statistic": "of drawn values alone",
    "odds.band_of": "of a chance alone",
    "odds.once_in": "of a chance alone",
    "periods.first_day": "of dates alone",
    "periods.later": "of dates alone",
    "periods.whole_between": "of dates alone",
    "pace.read_pace": "called by read_effect",
    "prospect.known_then": "called by prospect",
    "placebo.dates": "called by read_effect",
    "placebo.onset": "called by read_effect",
    "prais.autocorrelation": "called by fit",
    "prais.fit": "called by read_effect, which brings values of any size near 1",
    "scan.usable": "called with what scan gave",
    "second.second_opinion": "called by analyse",
    "second.since_of": "called by analyse",
    "sides.bad_start": "called by read_effect",
    "sides.ordinary": "called by read_effect",
    "sides.scale_of": "called by read_effect",
    "sides.sides_of": "called by read_effect",
    "decomposing.strength_of": "called by decompose",
    "correlating.disattenuated": "of a correlation alone",
    "correlating.smallest_seen": "of a number of pairs alone",
    "differences.critical": "of a number of units alone",
    "dispersion.overdispersion": "called by the funnels",
    "funnels.rate_curves": "called with what the funnels gave",
    "funnels.share_curves": "called with what the funnels gave",
    "funnels.poisson_limits": "called by the funnels alone, with their missing units",
    "likeness.widened": "of an autocorrelation alone",
    "likeness.corrected": "of an autocorrelation and a length alone",
    "limits.limits_around": "called by find_limits",
    "limits.take_block": "called by find_limits",
    "packing.pack_all": "pack for every series",
    "packing.unpack": "called with what pack gave",
    "rules.find_marks": "called by analyse",
}


def public_functions():
    """module.function of everything public in metrics/trends but the tables, whose poor cells have tests of their own."""
    found = set()
    for module in pkgutil.walk_packages(metrics.trends.__path__, "metrics.trends."):
        if ".tables" in module.name:
            continue
        for name, thing in vars(importlib.import_module(module.name)).items():
            if inspect.isfunction(thing) and thing.__module__ == module.name and not name.startswith("_"):
                found.add(f"{module.name.removeprefix('metrics.trends.')}.{name}")
    return found
