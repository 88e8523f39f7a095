from collections import deque
from threading import Event, Lock, Thread
from time import perf_counter, sleep

class FairLock:                # goes to whoever has waited longest
    def __init__(self):
        self.queue, self.mutex, self.taken = deque(), Lock(), False
    def __enter__(self):
        with self.mutex:
            turn = None if not self.taken else Lock()
            if turn: turn.acquire(); self.queue.append(turn)
            self.taken = True
        if turn: turn.acquire()
    def __exit__(self, *_):
        with self.mutex:
            if self.queue: self.queue.popleft().release()
            else: self.taken = False

def lane(me, away):
    while not over.is_set():
        with lock:             # threading.Lock promises no order
            turns[me] += 1
            end = perf_counter() + (0 if away else 1e-4)
            while perf_counter() < end: pass
        if away: sleep(away)

for lock in Lock(), FairLock():
    turns, over = [0, 0, 0], Event()
    lanes = [Thread(target=lane, args=args) for args in ((0, 0), (1, 0), (2, 2e-5))]
    for one in lanes: one.start()
    sleep(0.3)
    over.set()
    for one in lanes: one.join()
    print(f"{type(lock).__name__}: greedy {turns[:2]}, modest {turns[2]}")
