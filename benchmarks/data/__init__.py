"""The data set that everything is measured against: a whole country over fifteen years, invented and reproducible.

50,000 projects with beneficiaries, estimates, steps, plans, ledger lines and contracts; 300,000 establishments; 50,000 needs;
50,000 papers; 100,000 lines of the journal; people with mandates of every role.  Written as rows, past the acts: what is
measured is reading.
"""

from benchmarks.data.make import make, numbers
from benchmarks.data.rows import SEED, YEARS, Sizes, model_of

__all__ = ["SEED", "YEARS", "Sizes", "make", "model_of", "numbers"]
