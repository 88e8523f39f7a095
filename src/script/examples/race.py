# Four threads add to one counter and use no lock.
# Look for: without the GIL, updates are lost.

import threading

counter = 0

def add():
    global counter
    for _ in range(50_000):
        counter += 1

threads = [threading.Thread(target=add) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("expected", 4 * 50_000)
print("counted ", counter)
