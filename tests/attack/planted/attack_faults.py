"""Cases that hang, crash, raise, leave, eat memory, or are well, as their number says."""

from __future__ import annotations

import os
import signal
import time
from random import Random

from tests.attack.attack import Broken

TRIES = "Every way in which a case can go wrong."
HANG = 0.3
FAULTS = ("well", "traceback", "broken", "crash", "hang", "leave", "memory", "well")
MEMORY = 1 << 30


def make(random: Random) -> bytes:
    return random.choice(FAULTS).encode()


def check(data: bytes) -> None:
    match data.decode():
        case "traceback":
            raise KeyError("planted")
        case "broken":
            raise Broken("a planted sentence", b"better")
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "hang":
            while True:
                time.process_time()
        case "leave":
            os._exit(3)
        case "memory":
            bytearray(8 << 30)
