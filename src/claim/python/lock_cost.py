from threading import Lock, Thread
from time import perf_counter

n, number, lock = 2_000_000, 0, Lock()

def without_lock():
    global number
    for _ in range(n):
        number += 1

def with_lock():
    global number
    for _ in range(n):
        with lock:
            number += 1

for add in without_lock, with_lock:
    lanes = [Thread(target=add) for _ in range(2)]
    begin = perf_counter()
    for lane in lanes: lane.start()
    for lane in lanes: lane.join()
    print(f"{add.__name__}: {perf_counter() - begin:.2f} s")
