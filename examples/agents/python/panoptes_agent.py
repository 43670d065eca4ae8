"""A small library for agents of Panoptes. It needs nothing but Python 3.8 and its standard library.

An agent is a function `collect(agent)` that is called once a cycle:

    from panoptes_agent import run

    def collect(agent):
        agent.metric('files', 3)
        agent.finding('file_changed', 'low', 'a file changed', {'path': '/etc/passwd'})

    run('my-agent', collect)

The library enrolls the agent (PANOPTES_ENROLLMENT_TOKEN, once), keeps its credentials in its data directory (mode 0600),
beats with jitter, fetches its configuration and reports APPLYING, APPLIED or FAILED while the last good one stays in
force, sends figures and findings, and goes on when the server is away. With --listen it answers health requests, and
proves with the key that it enrolled with that it is the agent.
"""

import argparse
import base64
import collections
import hashlib
import http.server
import json
import logging
import os
import random
import re
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import panoptes_ed25519

LOG = logging.getLogger('panoptes')
VERSION = '1.0'
LONGEST_PAUSE = 300.0


class Refused(Exception):
    """The server said no. What it said is the text."""

    def __init__(self, status, detail, retry_after):
        super().__init__('%s (%d)' % (detail, status))
        self.status = status
        self.retry_after = retry_after


class Away(Exception):
    """The server cannot be reached, or has no time now."""

    def __init__(self, detail, retry_after=None):
        super().__init__(detail)
        self.retry_after = retry_after


class Server:
    """Calls of the server; nothing here knows what they mean."""

    def __init__(self, url):
        self.url = url.rstrip('/')

    def call(self, method, path, body=None, bearer=None):
        request = urllib.request.Request(self.url + path, method=method)
        request.add_header('Accept', 'application/json')
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            request.add_header('Content-Type', 'application/json')
        if bearer:
            request.add_header('Authorization', 'Bearer ' + bearer)
        try:
            with urllib.request.urlopen(request, data, timeout=20) as answer:
                text = answer.read()
                return (json.loads(text) if text else None), answer.headers
        except urllib.error.HTTPError as error:
            detail, wait = self._problem(error)
            if error.code >= 500 or error.code == 429:
                raise Away(detail, wait) from error
            raise Refused(error.code, detail, wait) from error
        except (OSError, ValueError) as error:
            raise Away('%s: %s' % (self.url, error)) from error

    @staticmethod
    def _problem(error):
        wait = error.headers.get('Retry-After', '')
        try:
            detail = json.loads(error.read()).get('detail', 'no reason')
        except (ValueError, AttributeError, OSError):
            detail = 'no reason'
        return detail, float(wait) if wait.isdigit() else None


def _read(path):
    with open(path, encoding='utf-8') as file:
        return file.read().strip()


def _boot_id():
    try:
        return _read('/proc/sys/kernel/random/boot_id')
    except OSError:
        return None


class Usage:
    """What this process uses of the machine, in per cent."""

    def __init__(self):
        self._cpu = time.process_time()
        self._at = time.monotonic()

    def look(self):
        cpu, at = time.process_time(), time.monotonic()
        share = 100.0 * (cpu - self._cpu) / max(at - self._at, 1e-3)
        self._cpu, self._at = cpu, at
        usage = {'cpu': round(share, 1)}
        try:
            pages = int(_read('/proc/self/statm').split()[1])
            total = os.sysconf('SC_PHYS_PAGES')
            usage['memory'] = round(100.0 * pages / total, 2)
        except (OSError, ValueError):
            pass
        try:
            disk = os.statvfs('/')
            usage['disk'] = round(100.0 * (1 - disk.f_bavail / max(disk.f_blocks, 1)), 1)
        except OSError:
            pass
        return usage


class Agent:
    """One instance: who it is, what it runs, what it has to tell."""

    def __init__(self, name, options, apply=None):
        self.name = name
        self.options = options
        self.server = Server(options.server)
        self.config = {'rules': [], 'settings': {}, 'limits': {}}
        self.applied = {'version': 0, 'hash': None, 'state': None, 'error': None}
        self.resources = {}
        self.status = 'running'
        self.interval = 30.0
        self.cycles = 0
        self._apply = apply or (lambda agent, config: None)
        self._usage = Usage()
        self._metrics = {}
        self._waiting = collections.deque(maxlen=10000)
        self._lock = threading.Lock()
        self._token = None
        self._token_until = 0.0
        self._identity = None
        self._file = os.path.join(options.data_dir, name + '.json')
        os.makedirs(options.data_dir, mode=0o700, exist_ok=True)
        if os.path.exists(self._file):
            self._identity = json.loads(_read(self._file))
        self._restore()
        if options.listen:
            self._serve(options.listen)

    # what an agent's collect function uses

    def metric(self, name, value):
        """A figure; the newest of each name is sent with the next beat."""
        with self._lock:
            self._metrics[name] = float(value)

    def finding(self, kind, severity, description, details=None, title=None):
        """Something found. It is kept until the server has it; the same one is not counted twice by the server."""
        number = hashlib.sha256(os.urandom(16)).hexdigest()[:32]
        self._waiting.append({
            'finding_id': number, 'type': kind, 'severity': severity, 'description': description,
            'details': details or {}, 'title': title or kind, 'host': socket.gethostname()})

    def setting(self, name, otherwise=None):
        """A setting of the configuration in force."""
        return self.config.get('settings', {}).get(name, otherwise)

    # who it is

    def enroll(self):
        """Registers this instance where it has no identity yet."""
        if self._identity:
            return
        token = os.environ.get('PANOPTES_ENROLLMENT_TOKEN', '')
        if not token:
            raise Refused(401, 'this agent is not enrolled: set PANOPTES_ENROLLMENT_TOKEN (panoptes enroll '
                          + self.name + ')', None)
        body = {'agent_name': self.name, 'version': VERSION, 'description': self.options.description,
                'capabilities': self.options.capabilities, 'host': socket.gethostname(),
                'requirements': {'cpu': 1, 'memory': '64MB', 'disk': '10MB'}}
        seed = None
        if self.options.listen:
            seed = os.urandom(32)
            body['public_key'] = 'ed25519:' + base64.b64encode(panoptes_ed25519.public_key(seed)).decode()
            body['port'] = self.options.listen[1]
        answer, _ = self.server.call('POST', '/api/v1/agents/register', body, token)
        self._identity = {'id': answer['id'], 'credentials': answer['credentials']}
        if seed:
            self._identity['key'] = seed.hex()
        self._write(self._file, self._identity)
        self.interval = float(answer['heartbeat_interval'])
        LOG.info('enrolled as %s', answer['id'])

    def proof(self, nonce):
        """What the answer to a health request with this Panoptes-Nonce bears as Panoptes-Proof; None without a key."""
        identity = self._identity
        if not identity or 'key' not in identity:
            return None
        text = 'panoptes-identity-proof-1\n%s\n%s\n' % (nonce, identity['id'])
        signature = panoptes_ed25519.sign(bytes.fromhex(identity['key']), text.encode())
        return '%s %s' % (identity['id'], base64.b64encode(signature).decode())

    def _serve(self, listen):
        """Answers health requests on a thread of its own."""
        agent = self

        class Health(http.server.BaseHTTPRequestHandler):
            timeout = 10

            def do_GET(self):
                nonce = self.headers.get('Panoptes-Nonce', '')
                body = json.dumps({'agent': agent.options.display_name or agent.name, 'status': agent.status,
                                   'version': VERSION, 'port': listen[1]}).encode()
                self.send_response(200 if self.path == '/health' else 404)
                self.send_header('Content-Type', 'application/json')
                self.send_header('Content-Length', str(len(body)))
                proof = agent.proof(nonce) if re.fullmatch('[A-Za-z0-9_-]{1,100}', nonce) else None
                if proof:
                    self.send_header('Panoptes-Proof', proof)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words):
                LOG.debug(*words)

        server = http.server.ThreadingHTTPServer(listen, Health)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def _bearer(self):
        if time.monotonic() > self._token_until:
            answer, _ = self.server.call('POST', '/api/v1/auth/token', {
                'agent_id': self._identity['id'], 'credentials': self._identity['credentials']})
            self._token = answer['access_token']
            self._token_until = time.monotonic() + answer['expires_in'] * 0.9
        return self._token

    def _call(self, method, path, body=None):
        try:
            return self.server.call(method, path, body, self._bearer())
        except Refused as error:
            if error.status != 401:
                raise
            # The token may have ended early, with a new key or a new secret of the server.
            self._token_until = 0.0
            return self.server.call(method, path, body, self._bearer())

    # what it does once a cycle

    def beat(self):
        """Tells how it is; returns how long to wait until the next beat."""
        body = {'status': self.status, 'resources': {**self._usage.look(), **self.resources},
                'host': socket.gethostname(), 'config_version': self.applied['version']}
        boot = _boot_id()
        if boot:
            body['boot_id'] = boot
        if self.applied['hash']:
            body['config_hash'] = self.applied['hash']
        if self.applied['state']:
            body['config_state'] = self.applied['state']
        if self.applied['error']:
            body['config_error'] = self.applied['error'][:2000]
        answer, _ = self._call('POST', '/api/v1/agents/%s/heartbeat' % self._identity['id'], body)
        self.interval = float(answer['interval'])
        for violation in answer['violations']:
            LOG.warning('%(resource)s is %(value)s, its limit is %(limit)s', violation)
        if answer['config_version'] != self.applied['version']:
            self._configure()
        return float(answer['next_in'])

    def _configure(self):
        wanted, headers = self._call('GET', '/api/v1/agents/%s/config' % self._identity['id'])
        version, digest = int(headers['Config-Version']), headers['Config-Hash']
        tried = dict(self.applied)
        self.applied = {'version': tried['version'], 'hash': tried['hash'], 'state': 'APPLYING', 'error': None}
        self._say()
        try:
            self._apply(self, wanted)
        except Exception as error:  # whatever the agent makes of it, the last good one stays in force
            LOG.error('version %d of the configuration cannot be applied: %s', version, error)
            self.applied = {'version': version, 'hash': tried['hash'], 'state': 'FAILED', 'error': str(error)}
            self._say()
            return
        self.config = wanted
        self.applied = {'version': version, 'hash': digest, 'state': 'APPLIED', 'error': None}
        self._write(self._file + '.config', {'config': wanted, 'version': version, 'hash': digest})
        LOG.info('version %d of the configuration is applied', version)
        self._say()

    def _say(self):
        body = {'status': self.status, 'config_version': self.applied['version'],
                'config_state': self.applied['state'], 'host': socket.gethostname()}
        for key, name in (('hash', 'config_hash'), ('error', 'config_error')):
            if self.applied[key]:
                body[name] = self.applied[key][:2000]
        boot = _boot_id()
        if boot:
            body['boot_id'] = boot
        self._call('POST', '/api/v1/agents/%s/heartbeat' % self._identity['id'], body)

    def _restore(self):
        try:
            kept = json.loads(_read(self._file + '.config'))
            self._apply(self, kept['config'])
            self.config = kept['config']
            self.applied = {'version': kept['version'], 'hash': kept['hash'], 'state': 'APPLIED', 'error': None}
        except FileNotFoundError:
            pass
        except Exception as error:
            LOG.error('the last configuration cannot be applied any more: %s', error)

    def send(self):
        """Sends what waits; what the server does not take now stays."""
        with self._lock:
            metrics, self._metrics = self._metrics, {}
        if metrics:
            try:
                self._call('POST', '/api/v1/metrics/%s' % self._identity['id'], metrics)
            except Away:
                with self._lock:
                    self._metrics = {**metrics, **self._metrics}
                raise
        while self._waiting:
            try:
                self._call('POST', '/api/v1/findings', self._waiting[0])
            except Refused as error:
                LOG.error('a finding is refused: %s', error)
            self._waiting.popleft()

    def live(self, collect, stop):
        """One cycle after another until the event `stop` is set. Returns the exit code."""
        pause, failed = 0.0, 0
        while not stop.wait(pause):
            try:
                self.enroll()
                self.cycles += 1
                collect(self)
                pause = self.beat()
                self.send()
                failed = 0
            except Away as error:
                failed += 1
                longest = min(LONGEST_PAUSE, 2.0 ** min(failed, 8))
                pause = error.retry_after or 0.0
                pause += random.uniform(longest / 2, longest)
                LOG.warning('%s; the next try is in %.0f s', error, pause)
            except Refused as error:
                LOG.error('%s', error)
                if error.status in (401, 403):
                    return 1
                pause = self.interval
            self.heartbeat_file()
            if self.options.interval:
                pause = min(pause, self.options.interval) if failed == 0 else pause
            if self.options.once:
                break
        self.stopped()
        self.heartbeat_file()
        return 0

    def stopped(self):
        """The last word: that it stops by itself."""
        self.status = 'stopped'
        try:
            if self._identity:
                self.beat()
        except (Away, Refused) as error:
            LOG.info('the server does not hear that this agent stops: %s', error)

    def heartbeat_file(self):
        """What a sensor's heartbeat file says, for those who look at files."""
        folder = self.options.heartbeat_dir
        if folder and not self.options.no_heartbeat:
            os.makedirs(folder, exist_ok=True)
            self._write(os.path.join(folder, self.name + '.json'), {
                'agent': self.name, 'status': self.status, 'pid': os.getpid(), 'cycle': self.cycles,
                'timestamp': time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())}, 0o644)

    @staticmethod
    def _write(path, value, mode=0o600):
        temporary = path + '.new'
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, 'w', encoding='utf-8') as file:
            json.dump(value, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)


def _address(text):
    address, _, port = text.rpartition(':')
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise argparse.ArgumentTypeError('it is a port, or an address and a port: 8014, 127.0.0.1:8014')
    return address.strip('[]') or '127.0.0.1', int(port)


def options(name, argv=None):
    """What the words of the command line, the environment and the usual say."""
    home = os.path.join(os.path.expanduser('~'), '.local', 'share', 'panoptes-agent')
    parser = argparse.ArgumentParser(description='An agent of Panoptes.')
    parser.add_argument('--name', default=name, help='its registry key')
    parser.add_argument('--server', default=os.environ.get('MANAGEMENT_API_URL', 'http://127.0.0.1:8022'))
    parser.add_argument('--data-dir', default=os.environ.get('PANOPTES_AGENT_DIR', home))
    parser.add_argument('--interval', type=float, help='seconds between cycles; else what the server says')
    parser.add_argument('--listen', type=_address, metavar='[ADDR:]PORT',
                        help='answer health requests there, and prove with a key of its own who it is')
    parser.add_argument('--display-name', help='what its health answer says that it is; else its name')
    parser.add_argument('--once', action='store_true', help='one cycle, then end')
    parser.add_argument('--log-level', default='INFO',
                        choices=['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'])
    parser.add_argument('--heartbeat-dir', default=os.environ.get('AMOSKYS_HEARTBEATS'))
    parser.add_argument('--no-heartbeat', action='store_true')
    parser.add_argument('--description', default='')
    parser.add_argument('--capabilities', type=lambda text: [word for word in text.split(',') if word], default=[])
    parser.add_argument('--version', action='version', version='%s version %s' % (name, VERSION))
    return parser.parse_args(argv)


def ending(chosen):
    """Starts the log, and gives the event that SIGTERM and SIGINT set."""
    logging.basicConfig(level=chosen.log_level, format='%(asctime)s %(levelname)s %(message)s')
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def run(name, collect, apply=None, argv=None):
    """Runs an agent until it is told to stop. Returns the exit code."""
    chosen = options(name, argv)
    return Agent(chosen.name, chosen, apply).live(collect, ending(chosen))


if __name__ == '__main__':
    sys.exit('this is a library; start agent.py')
