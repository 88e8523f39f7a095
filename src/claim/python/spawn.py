from multiprocessing import Process
from threading import Thread
from time import perf_counter

if __name__ == "__main__":
    for Lane in Thread, Process:
        for count in 1, 4:
            lanes = [Lane(target=int) for _ in range(count)]
            begin = perf_counter()
            for lane in lanes: lane.start()
            for lane in lanes: lane.join()
            print(f"{Lane.__name__}, {count}: {(perf_counter() - begin) * 1000:.2f} ms")
