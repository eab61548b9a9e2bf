"""The solver as every step of a choice uses it: quiet, the same on each run, and with its time."""

import os
import sys
from functools import cache
from threading import Lock

import highspy
import numpy

_GREETING = Lock()  # of two threads that turn the output away at once, the second would never turn it back


@cache
def _greeted() -> None:
    """The first solver of a process greets on standard output, where a command writes its answer alone: once, unheard."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        highspy.Highs()
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def greeted_once() -> None:
    with _GREETING:
        _greeted()


def model(**options: float | bool) -> highspy.Highs:
    """An empty problem with these options of the solver."""
    greeted_once()
    made = highspy.Highs()
    made.setOptionValue("output_flag", False)
    made.setOptionValue("random_seed", 0)
    made.setOptionValue("mip_feasibility_tolerance", 1e-7)
    for name, value in options.items():
        made.setOptionValue(name, value)
    return made


def add_columns(
    to: highspy.Highs, scores: numpy.ndarray, lower: numpy.ndarray, upper: numpy.ndarray, *, whole: bool
) -> None:
    """What may be chosen, each between its bounds, whole or by shares, for the highest sum of scores."""
    count = len(scores)
    to.addVars(count, lower, upper)
    everyone = numpy.arange(count, dtype=numpy.int32)
    to.changeColsCost(count, everyone, scores)
    if whole and count:
        kinds = numpy.full(count, int(highspy.HighsVarType.kInteger), dtype=numpy.uint8)
        to.changeColsIntegrality(count, everyone, kinds)
    to.changeObjectiveSense(highspy.ObjSense.kMaximize)


def has_found(solved: highspy.Highs) -> bool:
    """Whether it holds a solution that keeps all limits."""
    return solved.getInfo().primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
