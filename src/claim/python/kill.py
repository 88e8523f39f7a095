import time
from multiprocessing import Process
from threading import Event, Thread

def forever(stop=None):
    while stop is None or not stop.is_set():     # a thread looks whether it is to stop
        sum(range(10_000))

if __name__ == "__main__":
    lanes = [Process(target=forever) for _ in range(2)]
    for lane in lanes: lane.start()
    time.sleep(0.2)
    begin = time.perf_counter()
    lanes[0].kill()            # there is no Thread.kill
    lanes[0].join()
    print(f"killed after {(time.perf_counter() - begin) * 1000:.1f} ms;",
          "the other goes on" if lanes[1].is_alive() else "the other is gone, too")
    lanes[1].kill()

    stop = Event()
    lane = Thread(target=forever, args=[stop])
    lane.start()
    begin = time.perf_counter()
    stop.set()
    lane.join()
    print(f"asked, and ended after {(time.perf_counter() - begin) * 1000:.1f} ms")
