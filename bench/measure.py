"""Runs commands as whole processes and takes the operating system's own account of each."""

import os
import resource
import signal
import statistics
import subprocess
import threading
import time


class Result:
    """Wall and CPU seconds and peak memory of several runs; the median is what is quoted."""

    def __init__(self, runs):
        self.wall = statistics.median(run[0] for run in runs)
        self.cpu = statistics.median(run[1] for run in runs)
        self.memory = max(run[2] for run in runs)
        self.spread = (min(run[0] for run in runs), max(run[0] for run in runs))
        self.codes = sorted({run[3] for run in runs})


def once(command, limit=None, **options):
    """One run; after `limit` seconds it is killed, and its exit code is -9."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, **options)
    guard = threading.Timer(limit or 1e6, os.kill, (process.pid, signal.SIGKILL))
    guard.daemon = True
    guard.start()
    _, status, usage = os.wait4(process.pid, 0)
    guard.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode


def repeat(command, runs=5, warmup=1, before=None, **options):
    results = []
    for index in range(runs + warmup):
        if before:
            before()
        result = once(command, **options)
        if index >= warmup:
            results.append(result)
    return Result(results)


def allow_many_files():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
