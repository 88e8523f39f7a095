from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from time import perf_counter, sleep

def fetch(number):             # waits for a network
    sleep(0.01)
    return f"words of mail {number} " * 100

def parse(mail):               # computes
    return max(sum(map(ord, word)) for word in mail.split() * 150)

def store(found):              # waits for a disk
    sleep(0.01)
    return found

def run(fetchers, parsers, storers):
    begin = perf_counter()
    found = list(storers.map(store, parsers.map(parse, fetchers.map(fetch, range(20)))))
    return f"{len(found)} mails, {perf_counter() - begin:.2f} s"

if __name__ == "__main__":
    with ProcessPoolExecutor() as pool:
        list(pool.map(int, range(8)))            # they are there
        print("processes for all:", run(pool, pool, pool))
        with ThreadPoolExecutor(16) as fetchers, ThreadPoolExecutor(16) as storers:
            print("threads for all:", run(fetchers, fetchers, storers))
            print("each by its bottleneck:", run(fetchers, pool, storers))
