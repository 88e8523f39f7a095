# The same work in 1, 2 and 4 threads.
# Look for: with the GIL, the bars stay as long.
# Without it, they get shorter.

import threading
import time

def count(n):
    while n:
        n -= 1

WORK = 600_000
for lanes in (1, 2, 4):
    threads = [
        threading.Thread(target=count, args=(WORK // lanes,)) for _ in range(lanes)
    ]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begin
    print(lanes, "#" * round(40 * took), f"{took:.2f} s")
