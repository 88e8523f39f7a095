# Your code. Define work(task) and TASKS to compare
# threads and processes, or write any program: it is
# run with the GIL and without it.

print("Hello from Python")
