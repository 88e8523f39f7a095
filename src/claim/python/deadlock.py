from threading import Lock, Thread

def takes(first, second):
    for _ in range(50_000):
        with first:
            sum(range(100))
            with second:
                pass

def run(order, *pairs):
    # As daemons they end with the program: nothing else ends them.
    lanes = [Thread(target=takes, args=pair, daemon=True) for pair in pairs]
    for lane in lanes: lane.start()
    for lane in lanes: lane.join(timeout=3)
    stand_still = any(lane.is_alive() for lane in lanes)
    print(order, "they stand still" if stand_still else "both are done")

a, b = Lock(), Lock()
run("same order:", (a, b), (a, b))
run("opposite order:", (a, b), (b, a))
