from math import cos
from threading import Thread
from time import perf_counter, process_time

n = 50_000_000

def part():
    sum(cos(i) for i in range(n // 2))

lanes = [Thread(target=part) for _ in range(2)]
begin, begin_computing = perf_counter(), process_time()
for lane in lanes: lane.start()
for lane in lanes: lane.join()
at_once = (process_time() - begin_computing) / (perf_counter() - begin)
print(f"{at_once:.2f} lanes compute at once")   # 1 under a GIL; 2 with python3.14t
