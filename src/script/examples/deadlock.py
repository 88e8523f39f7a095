# Each thread holds one lock and wants the other.
# Look for: both wait for ever. Press Stop.

import threading
import time

first, second = threading.Lock(), threading.Lock()

def take(a, b):
    with a:
        time.sleep(0.1)
        with b:
            print("never printed")

one = threading.Thread(target=take, args=(first, second))
two = threading.Thread(target=take, args=(second, first))
one.start()
two.start()
one.join()
two.join()
