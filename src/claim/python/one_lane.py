from math import cos
from multiprocessing import Process
from threading import Thread
from time import perf_counter

def part(n):
    sum(cos(i) for i in range(n))

if __name__ == "__main__":
    for Lane in Thread, Process:
        begin = perf_counter()
        lane = Lane(target=part, args=[1_000_000])
        lane.start()
        lane.join()
        print(f"1 {Lane.__name__}: {(perf_counter() - begin) * 1000:.1f} ms")
