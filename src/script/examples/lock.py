# Two threads add to one counter. A lock protects it.
# Look for: the count is right, and each thread
# waits for the lock.

import threading

counter = 0
lock = threading.Lock()

def add():
    global counter
    for _ in range(20_000):
        with lock:
            counter += 1

threads = [threading.Thread(target=add) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("expected", 2 * 20_000)
print("counted ", counter)
