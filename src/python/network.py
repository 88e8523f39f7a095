import asyncio
import multiprocessing
import urllib.request


async def answer(reader, writer):
    """Answers after LATENCY seconds, as a server does that is far away."""
    path = (await reader.readline()).split()[1].decode()
    while (await reader.readline()).strip():
        pass
    await asyncio.sleep(LATENCY)
    body = content(path)
    writer.write(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    await writer.drain()
    writer.close()


def serve(ports):
    """Plays the network's other end, in a process of its own."""

    async def run_server():
        server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=256)
        ports.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run_server())


def make_tasks():
    """Starts the server, and names the addresses to fetch."""
    ports = multiprocessing.SimpleQueue()
    multiprocessing.Process(target=serve, args=(ports,), daemon=True).start()
    port = ports.get()
    return [f"http://127.0.0.1:{port}/{name}" for name in names()]


def run(task):
    with urllib.request.urlopen(task, timeout=60) as response:
        return keep(response.read())
