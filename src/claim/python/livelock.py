from threading import Event, Thread
from time import sleep

class Spoon:
    owner = 0

def diner(me, patience):
    yielded = 0
    while not over.is_set():
        if spoon.owner != me:
            continue
        if yielded < patience:                   # the other is hungry, too: it always is
            yielded, times_yielded[me] = yielded + 1, times_yielded[me] + 1
        else:
            yielded, eaten[me] = 0, eaten[me] + 1
        spoon.owner = 1 - me

for patience in float("inf"), 3:
    over, spoon, times_yielded, eaten = Event(), Spoon(), [0, 0], [0, 0]
    lanes = [Thread(target=diner, args=[me, patience]) for me in (0, 1)]
    for lane in lanes: lane.start()
    sleep(0.2)
    over.set()
    for lane in lanes: lane.join()
    print(f"yield {patience} times: yielded {sum(times_yielded)}, eaten {sum(eaten)}")
