from sys import setswitchinterval
from threading import Lock, Thread

setswitchinterval(1e-6)        # so that lanes meet under a GIL, too; not needed with python3.14t
n, number, lock = 2_000_000, 0, Lock()

def plus_one(number):
    return number + 1

def without_lock():
    global number
    for _ in range(n):
        number = plus_one(number)                # read, add, write

def with_lock():
    global number
    for _ in range(n):
        with lock:
            number = plus_one(number)

for add in without_lock, with_lock:
    number = 0
    lanes = [Thread(target=add) for _ in range(2)]
    for lane in lanes: lane.start()
    for lane in lanes: lane.join()
    print(f"{add.__name__}: {2 * n - number} of {2 * n} updates are lost")
