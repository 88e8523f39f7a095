# An exception in a thread ends that thread only.
# Look for: the program goes on as if nothing had
# happened, until result() is called.

import threading
from concurrent.futures import ThreadPoolExecutor

def fail():
    return 1 / 0

thread = threading.Thread(target=fail)
thread.start()
thread.join()
print("the main thread goes on")

with ThreadPoolExecutor(1) as pool:
    future = pool.submit(fail)
print("still nothing is raised")
future.result()
