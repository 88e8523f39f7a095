from math import cos
from sys import setswitchinterval
from threading import Thread
from time import perf_counter

def part(n):
    sum(cos(i) for i in range(n))

n = 50_000_000
for interval in 0.05, 0.005, 0.0005:           # 0.005 unless set
    setswitchinterval(interval)
    for count in 1, 2:
        lanes = [Thread(target=part, args=[n // count]) for _ in range(count)]
        begin = perf_counter()
        for lane in lanes: lane.start()
        for lane in lanes: lane.join()
        print(f"{interval * 1000} ms, {count} threads: {perf_counter() - begin:.3f} s")
