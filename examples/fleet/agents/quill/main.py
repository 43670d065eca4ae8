"""QUILL: writes text."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import settings


class Quill(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/health":
            self.send_error(404)
            return
        self.reply({
            "status": "healthy",
            "agent": settings.SERVICE,
            "version": settings.VERSION,
            "port": settings.PORT,
        })

    def do_POST(self):
        body = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), 65536))
        if not body:
            self.send_error(400)
        elif self.path == "/write":
            self.reply({"action": "write", "note": 'Write a text', "size": len(body)})
        elif self.path == "/shorten":
            self.reply({"action": "shorten", "note": 'Shorten a text', "size": len(body)})
        else:
            self.send_error(404)

    def reply(self, value):
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format, *args):
        pass


if __name__ == "__main__":
    ThreadingHTTPServer((settings.HOST, settings.PORT), Quill).serve_forever()
