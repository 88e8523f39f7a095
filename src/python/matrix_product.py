import array
import operator
import os
import random

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the lanes are ours to choose
try:
    import numpy  # it lets go of the GIL while it multiplies
except ImportError:
    numpy = None  # without it, Python multiplies and holds the GIL


def make_shared():
    """Both factors: the rows of the one, the columns of the other."""
    rng = random.Random(SEED)
    rows, columns = ([[rng.random() - 0.5 for _ in range(ORDER)] for _ in range(ORDER)] for _ in "ab")
    return (numpy.array(rows), numpy.array(columns).T) if numpy else (rows, columns)


def share(factors):
    """Gives a lane what all tasks need: a thread shares it, a process gets a copy."""
    global FACTORS
    FACTORS = factors


def make_tasks():
    return [slice(first, first + ROWS) for first in range(0, ORDER, ROWS)]


def run(task):
    a, b = FACTORS[0][task], FACTORS[1]
    if numpy:
        return (a @ b).tobytes()
    products = (sum(map(operator.mul, row, column)) for row in a for column in b)
    return array.array("d", products).tobytes()


def describe(answers):
    return f"the product has {sum(map(len, answers)) // 8} elements, from {'NumPy' if numpy else 'Python'}"
