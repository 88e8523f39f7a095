# Eight answers that take 0.15 s each.
# Look for: a thread that waits lets go of the GIL,
# so threads wait at the same time.

import time

def work(number):
    time.sleep(0.15)  # a server, a disk or a database
    return number

TASKS = range(8)
