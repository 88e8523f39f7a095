import asyncio
from tempfile import TemporaryFile
from time import perf_counter

async def fetch(address):      # or, with httpx: await client.get(address)
    await asyncio.sleep(0.04)
    page = bytes(2_048)
    with TemporaryFile() as file:
        for _ in range(50): file.write(page)

async def main():
    addresses = [f"https://example.org/{i}" for i in range(16)]
    begin = perf_counter()
    for address in addresses:
        await fetch(address)
    print(f"one at a time: {(perf_counter() - begin) * 1000:.0f} ms")
    begin = perf_counter()
    await asyncio.gather(*map(fetch, addresses))
    print(f"all at once: {(perf_counter() - begin) * 1000:.0f} ms")

asyncio.run(main())
