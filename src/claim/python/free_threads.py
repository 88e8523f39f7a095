# With python3.14t, a free-threaded build, the time falls; under a GIL it does not.
from concurrent.futures import ThreadPoolExecutor
from math import cos
from time import perf_counter

def part(bounds):
    return sum(cos(i) for i in range(*bounds))

n = 50_000_000
for lanes in 1, 2, 4:
    bounds = [(i * n // lanes, (i + 1) * n // lanes) for i in range(lanes)]
    with ThreadPoolExecutor(lanes) as pool:
        begin = perf_counter()
        total = sum(pool.map(part, bounds))
        print(f"{lanes} threads: {perf_counter() - begin:.2f} s, {total:.6f}")
