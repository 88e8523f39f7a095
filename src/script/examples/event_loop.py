# Ten waits in one thread, by asyncio.
# Look for: one lane only. It takes as long as the
# longest wait.

import asyncio
import time

async def fetch(number):
    await asyncio.sleep(0.05 * number)
    return number

async def main():
    begin = time.perf_counter()
    answers = await asyncio.gather(*(fetch(number) for number in range(10)))
    print(answers, f"in {time.perf_counter() - begin:.2f} s")

asyncio.run(main())
