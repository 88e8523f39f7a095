import asyncio
import urllib.parse


async def fetch(url):
    """Fetches without waiting: whoever else is ready goes on meanwhile."""
    address = urllib.parse.urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(f"GET {address.path} HTTP/1.0\r\n\r\n".encode())
    _, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    return body


async def run_in_loop(tasks, lanes):
    """Runs all tasks in one thread, with so many requests under way at once."""
    answers = [None] * len(tasks)
    places = iter(range(len(tasks)))

    async def lane():
        for place in places:
            answers[place] = keep(await fetch(tasks[place]))

    await asyncio.gather(*(lane() for _ in range(lanes)))
    return answers


def main():
$BEGIN
    for lanes in LANES:
        taken, answers = timed(lambda: asyncio.run(run_in_loop($TASKS, lanes)))
        assert answers == $EXPECTED
        print(f"{lanes} requests at once: {taken:.3f} s, $SPEED_UP")
