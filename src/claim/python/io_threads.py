from concurrent.futures import ThreadPoolExecutor
from tempfile import TemporaryFile
from time import perf_counter, sleep

def fetch(address):            # or: urllib.request.urlopen(address).read()
    sleep(0.04)
    page = bytes(2_048)
    with TemporaryFile() as file:
        for _ in range(50): file.write(page)

addresses = [f"https://example.org/{i}" for i in range(16)]
for lanes in 1, 4, 16, 32:
    with ThreadPoolExecutor(lanes) as pool:
        begin = perf_counter()
        list(pool.map(fetch, addresses))
        print(f"{lanes} threads: {(perf_counter() - begin) * 1000:.0f} ms")
