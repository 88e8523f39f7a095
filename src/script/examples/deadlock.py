# Each thread holds one lock and wants the other.
# Look for: both wait for ever. Press Stop.

import threading

first, second = threading.Lock(), threading.Lock()
both = threading.Barrier(2)

def take(a, b):
    with a:
        both.wait()
        with b:
            print("never printed")

one = threading.Thread(target=take, args=(first, second))
two = threading.Thread(target=take, args=(second, first))
one.start()
two.start()
one.join()
two.join()
