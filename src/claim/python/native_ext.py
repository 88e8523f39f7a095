# pip install numpy
import os
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

os.environ["OPENBLAS_NUM_THREADS"] = "1"         # the lanes are the pool's
import numpy

order, rows = 768, 12
a, b = numpy.random.rand(2, order, order)

def native(first):             # lets go of the GIL while it computes
    return a[first:first + rows] @ b

def python(_):                 # keeps it
    return sum(i * i for i in range(100_000))

for work in native, python:
    for lanes in 1, 2, 4:
        with ThreadPoolExecutor(lanes) as pool:
            begin = perf_counter()
            list(pool.map(work, range(0, order, rows)))
            print(f"{work.__name__}, {lanes} threads: {perf_counter() - begin:.2f} s")
