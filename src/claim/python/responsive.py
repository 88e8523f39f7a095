import asyncio
from concurrent.futures import ProcessPoolExecutor
from math import cos
from time import perf_counter

def work():
    sum(cos(i) for i in range(5_000_000))

async def here():
    work()

async def on_a_worker():
    await asyncio.get_running_loop().run_in_executor(pool, work)

async def longest_gap(way):
    working, last, longest = asyncio.create_task(way()), perf_counter(), 0
    while not working.done():
        await asyncio.sleep(1 / 60)              # the next frame
        longest, last = max(longest, perf_counter() - last), perf_counter()
    return longest

async def main():
    for way in here, on_a_worker:
        print(f"{way.__name__}: {await longest_gap(way) * 1000:.0f} ms without a frame")

if __name__ == "__main__":
    with ProcessPoolExecutor(1) as pool:
        pool.submit(int).result()                # it is there
        asyncio.run(main())
