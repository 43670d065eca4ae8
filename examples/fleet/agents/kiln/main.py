"""KILN: renders documents."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

AGENT = "KILN"
VERSION = "1.0"
PORT = 8033
HOST = os.environ.get("AGENT_HOST", "127.0.0.1")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/health":
            self.answer(200, {"status": "healthy", "agent": AGENT, "version": VERSION, "port": 8099})
        else:
            self.answer(404, {"error": "no such path"})

    def do_POST(self):
        actions = {
            "/render": self.render,
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

    def render(self, request):
        """Render a document."""
        self.server.memory.append(("render", request))
        return {"action": "render", "accepted": True, "remembered": len(self.server.memory)}

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
