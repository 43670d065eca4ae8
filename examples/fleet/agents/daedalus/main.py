"""DAEDALUS: designs systems."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

AGENT = "DAEDALUS"
VERSION = "1.1"
PORT = 8202
HOST = os.environ.get("AGENT_HOST", "127.0.0.1")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/health":
            self.answer(200, {"status": "healthy", "agent": AGENT, "version": VERSION, "port": PORT})
        else:
            self.answer(404, {"error": "no such path"})

    def do_POST(self):
        actions = {
            "/design": self.design,
            "/critique": self.critique,
        }
        action = actions.get(self.path)
        if action is None:
            self.answer(404, {"error": "no such action"})
            return
        length = min(int(self.headers.get("Content-Length", 0)), 65536)
        try:
            request = json.loads(self.rfile.read(length) or b"{}")
        except ValueError:
            self.answer(400, {"error": "not JSON"})
            return
        self.answer(200, action(request))

    def design(self, request):
        """Design a system."""
        self.server.memory.append(("design", request))
        return {"action": "design", "accepted": True, "remembered": len(self.server.memory)}

    def critique(self, request):
        """Criticise a design."""
        self.server.memory.append(("critique", request))
        return {"action": "critique", "accepted": True, "remembered": len(self.server.memory)}

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *arguments):
        pass


class Agent(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__((HOST, PORT), Handler)
        self.memory = []


if __name__ == "__main__":
    Agent().serve_forever()
