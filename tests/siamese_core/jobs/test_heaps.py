"""Threads share a few heaps of glibc."""

import ctypes
import subprocess
import sys

import pytest

from siamese_core.config import ROOT
from siamese_core.jobs.heaps import HEAPS

# As many threads as a crowd of visitors has, all at once, each with memory that it holds; then glibc tells its heaps.
CROWD = """
import ctypes, sys, threading
from siamese_core.jobs.heaps import share_heaps
if sys.argv[1] == "shared":
    share_heaps()
together = threading.Barrier(20)
def hold():
    together.wait()
    kept = [bytearray(5000) for _ in range(100)]
    together.wait()
threads = [threading.Thread(target=hold) for _ in range(20)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
libc = ctypes.CDLL(None)
libc.malloc_info(0, ctypes.c_void_p.in_dll(libc, "stdout"))
"""


def heaps(how: str) -> int:
    result = subprocess.run([sys.executable, "-c", CROWD, how], cwd=ROOT, capture_output=True, text=True, check=True)
    return result.stdout.count("<heap nr=")


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_info"), reason="needs glibc's allocator"
)
def test_a_crowd_of_threads_shares_a_few_heaps() -> None:
    assert heaps("alone") > HEAPS + 1
    assert heaps("shared") <= HEAPS + 1
