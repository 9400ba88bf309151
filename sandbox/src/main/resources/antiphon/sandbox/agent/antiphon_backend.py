"""Matplotlib's backend in a sandbox: what is shown becomes a picture of the cell."""

import builtins

from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg

FigureCanvas = FigureCanvasAgg
FigureManager = FigureManagerBase


def show(*args, **kwargs):
    builtins.antiphon_figures()
