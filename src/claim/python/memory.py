import os, time
from multiprocessing import Process
from threading import Thread

def work(data):
    sum(data)                  # counts references to each number, and so writes to it
    time.sleep(1)

def own_mb(pid):               # Linux: the memory of a process that no other shares
    with open(f"/proc/{pid}/smaps_rollup") as lines:
        return sum(int(line.split()[1]) for line in lines if line.startswith("Private")) // 1024

if __name__ == "__main__":
    data = list(range(1_000_000))
    for Lane in Thread, Process:
        lanes = [Lane(target=work, args=[data]) for _ in range(4)]
        for lane in lanes: lane.start()
        time.sleep(0.8)
        pids = {os.getpid(), *(lane.pid for lane in lanes if Lane is Process)}
        print(f"4 of {Lane.__name__}: {sum(map(own_mb, pids))} MB")
        for lane in lanes: lane.join()
