from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from time import perf_counter

data = bytes(20_000_000)

def native(_):                 # lets go of the GIL while it computes, as NumPy does
    return sha256(data).digest()

def python(_):                 # keeps it
    return sum(i * i for i in range(400_000))

for work in native, python:
    for lanes in 1, 2, 4:
        with ThreadPoolExecutor(lanes) as pool:
            begin = perf_counter()
            list(pool.map(work, range(16)))
            print(f"{work.__name__}, {lanes} threads: {perf_counter() - begin:.2f} s")
