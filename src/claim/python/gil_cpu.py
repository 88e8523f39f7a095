from math import cos
from threading import Thread
from time import perf_counter

def part(bounds):
    return sum(cos(i) for i in range(*bounds))

n = 50_000_000
for count in 1, 2, 4:
    bounds = [(i * n // count, (i + 1) * n // count) for i in range(count)]
    lanes = [Thread(target=part, args=[b]) for b in bounds]
    begin = perf_counter()
    for lane in lanes: lane.start()
    for lane in lanes: lane.join()
    print(f"{count} threads: {perf_counter() - begin:.2f} s")
