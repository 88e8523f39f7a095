# Two threads of one process.
# Look for: both see the same list, as they share
# one memory.

import threading
import time

found = []

def look(name):
    for number in range(3):
        time.sleep(0.1)
        found.append((name, number))

a = threading.Thread(target=look, args=("a",))
b = threading.Thread(target=look, args=("b",))
a.start()
b.start()
a.join()
b.join()
print(found)
