from math import cos
from multiprocessing import Pool
from time import perf_counter

def part(bounds):
    return sum(cos(i) for i in range(*bounds))

if __name__ == "__main__":
    n = 50_000_000
    for lanes in 1, 2, 4:
        bounds = [(i * n // lanes, (i + 1) * n // lanes) for i in range(lanes)]
        with Pool(lanes) as pool:
            begin = perf_counter()
            total = sum(pool.map(part, bounds))
            print(f"{lanes} processes: {perf_counter() - begin:.2f} s, {total:.6f}")
