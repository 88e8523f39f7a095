# Eight tasks that spend their time in native code.
# Look for: do threads with the GIL overlap here? Only if the code lets go of it.

import hashlib

def work(seed):
    data = bytes([seed]) * 3_000_000
    return hashlib.sha256(data).hexdigest()

TASKS = range(8)
