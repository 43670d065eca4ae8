#!/usr/bin/env python3
"""Enrolls many agents from one process: for programs that cannot be changed, beside which this one speaks for them.

    many.py NAME... -- --server URL --data-dir DIR

Every NAME is an instance of its own, with its own key, configuration and heartbeats.
"""

import sys
import threading

import panoptes_agent
from agent import apply, collect


def main(words):
    names = words[:words.index('--')] if '--' in words else words
    rest = words[len(names) + 1:]
    if not names:
        sys.exit('many.py NAME... -- OPTION...')
    stop = panoptes_agent.ending(panoptes_agent.options('many', rest))
    threads = []
    for name in names:
        agent = panoptes_agent.Agent(name, panoptes_agent.options(name, rest), apply)
        threads.append(threading.Thread(target=agent.live, args=(collect, stop)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
