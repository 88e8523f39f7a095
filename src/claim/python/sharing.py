import queue
from multiprocessing import Process, SimpleQueue
from multiprocessing.shared_memory import SharedMemory
from threading import Thread
from time import perf_counter

def see(tasks, answers):
    while (task := tasks.get()) is not None:
        if isinstance(task, str):                # shared memory, by its name
            shared = SharedMemory(task)
            answers.put(sum(shared.buf[::4096]))
            shared.close()
        else:
            answers.put(sum(task[::4096]))

def hand_over(what, Lane, tasks, answers, task):
    lane = Lane(target=see, args=[tasks, answers])
    lane.start()
    tasks.put(b"")
    answers.get()                                # it is there
    begin = perf_counter()
    tasks.put(task)
    answers.get()
    print(f"{what}: {(perf_counter() - begin) * 1000:.2f} ms")
    tasks.put(None)
    lane.join()

if __name__ == "__main__":
    data = bytes(64 << 20)
    shared = SharedMemory(create=True, size=len(data))
    shared.buf[:len(data)] = data
    hand_over("thread", Thread, queue.SimpleQueue(), queue.SimpleQueue(), data)
    hand_over("process, copied", Process, SimpleQueue(), SimpleQueue(), data)
    hand_over("process, shared", Process, SimpleQueue(), SimpleQueue(), shared.name)
    shared.close()
    shared.unlink()
