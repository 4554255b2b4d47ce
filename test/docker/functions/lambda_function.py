"""Does what it is told, as functions that go wrong do."""

import os
import sys
import threading
import time

count = 0
ticks = 0


def tick():
    global ticks
    while True:
        ticks += 1
        time.sleep(0.01)


threading.Thread(target=tick, daemon=True).start()


def lambda_handler(event, context):
    global count
    count += 1
    what = event.get("do")
    print("asked to", what)
    if what == "fail":
        raise ValueError("too far")
    if what == "exit":
        sys.exit(3)
    if what == "hang":
        time.sleep(60)
    if what == "grow":
        taken = []
        while True:
            taken.append(bytearray(os.urandom(1)) * (8 << 20))
    if what == "child":
        # Only the child is killed by the kernel.
        os.system("python3 -c 'x = []\nwhile True: x.append(bytearray(b\"1\") * (8 << 20))'")
    if what == "big":
        return "x" * (7 << 20)
    if what == "look":
        return look(context)
    return [count, ticks]


def look(context):
    with open("/tmp/own", "w") as file:
        file.write("mine")
    try:
        open("/var/task/new", "w")
        code = "writable"
    except OSError:
        code = "read-only"
    return {
        "code": code,
        "user": os.getuid(),
        "handler": os.environ["_HANDLER"],
        "memory": os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
        "mine": os.environ.get("MINE"),
        "arn": context.invoked_function_arn,
        "leftMs": context.get_remaining_time_in_millis(),
    }
