# Forty emails from a slow server, in ten threads.
# The server is a sleep.
# Look for: ten threads take about as long as four
# emails take one after another.

import time
from concurrent.futures import ThreadPoolExecutor

def fetch(number):
    time.sleep(0.1)
    return f"mail {number}"

begin = time.perf_counter()
with ThreadPoolExecutor(10) as pool:
    mails = list(pool.map(fetch, range(40)))
print(len(mails), "mails in", round(time.perf_counter() - begin, 2), "s")
print("one after another they would take", 40 * 0.1, "s")
