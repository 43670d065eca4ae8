"""GANDALF: teaches."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

AGENT = "GANDALF"
VERSION = "1.3"
PORT = 8103
HOST = os.environ.get("AGENT_HOST", "127.0.0.1")


class Notebook:
    """What this agent remembers, newest last, bounded."""

    LIMIT = 1000

    def __init__(self):
        self.entries = []

    def add(self, kind, content):
        self.entries.append({"kind": kind, "content": content, "number": self.count(kind) + 1})
        if len(self.entries) > self.LIMIT:
            del self.entries[0]

    def count(self, kind):
        return sum(1 for entry in self.entries if entry["kind"] == kind)

    def latest(self, kind, most=10):
        found = [entry for entry in self.entries if entry["kind"] == kind]
        return found[-most:]

    def forget(self, kind):
        before = len(self.entries)
        self.entries = [entry for entry in self.entries if entry["kind"] != kind]
        return before - len(self.entries)


class Words:
    """Simple figures about a text."""

    def __init__(self, text):
        self.words = [word.strip(".,;:!?").lower() for word in text.split()]

    def frequent(self, most=5):
        counts = {}
        for word in self.words:
            if len(word) > 3:
                counts[word] = counts.get(word, 0) + 1
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return [word for word, _ in ranked[:most]]

    def reading_minutes(self):
        return round(len(self.words) / 220, 1)

    def sentences(self, text):
        parts = []
        current = []
        for word in text.split():
            current.append(word)
            if word.endswith((".", "!", "?")):
                parts.append(" ".join(current))
                current = []
        if current:
            parts.append(" ".join(current))
        return parts


class Schedule:
    """Days that matter, by name."""

    DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

    def __init__(self):
        self.slots = {day: [] for day in self.DAYS}

    def put(self, day, what):
        day = day.lower()
        if day not in self.slots:
            raise ValueError("no such day")
        self.slots[day].append(what)
        return len(self.slots[day])

    def busiest(self):
        return max(self.DAYS, key=lambda day: len(self.slots[day]))

    def free(self):
        return [day for day in self.DAYS if not self.slots[day]]


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/health":
            self.answer(200, {"status": "healthy", "agent": AGENT, "version": VERSION, "port": PORT})
        else:
            self.answer(404, {"error": "no such path"})

    def do_POST(self):
        actions = {
            "/lesson": self.lesson,
            "/quiz": self.quiz,
            "/progress": self.progress,
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

    def lesson(self, request):
        """Give a lesson."""
        self.server.memory.append(("lesson", request))
        return {"action": "lesson", "accepted": True, "remembered": len(self.server.memory)}

    def quiz(self, request):
        """Set a quiz."""
        self.server.memory.append(("quiz", request))
        return {"action": "quiz", "accepted": True, "remembered": len(self.server.memory)}

    def progress(self, request):
        """Tell the progress."""
        self.server.memory.append(("progress", request))
        return {"action": "progress", "accepted": True, "remembered": len(self.server.memory)}

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
