"""From observations to stored analyses and signals: all series at once, read in bulk, written in bulk."""

from metrics.analysing.cycles import judge, organisations_of
from metrics.analysing.inputs import Inputs, read
from metrics.analysing.storing import Done, analyse_series

__all__ = ["Done", "Inputs", "analyse_series", "judge", "organisations_of", "read"]
