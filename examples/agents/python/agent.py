#!/usr/bin/env python3
"""The reference agent: measures the load of its machine, and tells when it is above `settings.highest_load`.

`settings.pretend_cpu` has it say that it uses so much CPU, to see a limit violated and the violation end.
"""

import os
import sys

from panoptes_agent import run


def apply(agent, config):
    """Called with a new configuration; whatever it raises is reported as FAILED."""
    settings = config.get('settings', {})
    for name in ('highest_load', 'pretend_cpu'):
        value = settings.get(name)
        if value is not None and not isinstance(value, (int, float)):
            raise ValueError('settings.%s must be a number' % name)


def collect(agent):
    """One cycle."""
    load = os.getloadavg()[0]
    agent.metric('load', load)
    agent.metric('cycles', agent.cycles)
    pretended = agent.setting('pretend_cpu')
    agent.resources = {} if pretended is None else {'cpu': float(pretended)}
    highest = agent.setting('highest_load')
    if highest is not None and load > highest:
        agent.finding('high_load', 'medium', 'the load is %.2f, the highest wanted is %s' % (load, highest),
                      {'load': load, 'highest': highest}, title='The load is high')


if __name__ == '__main__':
    sys.exit(run('reference-agent', collect, apply))
