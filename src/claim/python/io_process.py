from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pool
from tempfile import TemporaryFile
from time import perf_counter, sleep

def fetch(address):            # or: urllib.request.urlopen(address).read()
    sleep(0.04)
    page = bytes(2_048)
    with TemporaryFile() as file:
        for _ in range(50): file.write(page)

if __name__ == "__main__":
    addresses = [f"https://example.org/{i}" for i in range(16)]
    for Lanes in ThreadPoolExecutor, Pool:
        begin = perf_counter()
        with Lanes(16) as pool:
            list(pool.map(int, range(16)))       # they are there
            started = perf_counter()
            list(pool.map(fetch, addresses))
            done = perf_counter()
        print(f"{Lanes.__name__}: {(done - started) * 1000:.0f} ms,",
              f"and {(started - begin) * 1000:.0f} ms to start")
