# Eight tasks that spend their time in native code.
# Look for: hashlib lets go of the GIL for large
# data, so even threads with the GIL overlap.

import hashlib

def work(seed):
    data = bytes([seed]) * 3_000_000
    return hashlib.sha256(data).hexdigest()

TASKS = range(8)
