# Processes are started outside of a main guard.
# Look for: each new process imports this file and
# would start more. Python says no.

import multiprocessing

def work():
    print("working")

process = multiprocessing.Process(target=work)
process.start()
process.join()
