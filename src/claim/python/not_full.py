from math import cos
from multiprocessing import Process
from time import perf_counter

def part(n):
    sum(cos(i) for i in range(n))

if __name__ == "__main__":
    n = 50_000_000
    begin = perf_counter()
    part(n)
    one = perf_counter() - begin
    for count in 2, 4:
        begin = perf_counter()
        lanes = [Process(target=part, args=[n // count]) for _ in range(count)]
        for lane in lanes: lane.start()
        for lane in lanes: lane.join()
        gain = one / (perf_counter() - begin)    # starting and ending included
        print(f"{count} processes: {gain:.2f} times as fast")
