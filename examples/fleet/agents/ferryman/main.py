# FERRYMAN: moves data across.
import json
import os
import http.server

PORT = 8214
NAME = "FERRYMAN"
journal = []


def health(_request):
    return {"status": "healthy", "service": NAME, "version": "1.0", "port": PORT}


def carry(request):
    """Carry a data set."""
    journal.append(("carry", request))
    return {"action": "carry", "entries": len(journal)}


ROUTES = {
    ("GET", "/health"): health,
    ("POST", "/carry"): carry,
}


class Requests(http.server.BaseHTTPRequestHandler):
    def route(self):
        handler = ROUTES.get((self.command, self.path))
        if handler is None:
            return 404, {"error": "unknown"}
        size = min(int(self.headers.get("Content-Length") or 0), 65536)
        try:
            request = json.loads(self.rfile.read(size)) if size else {}
        except ValueError:
            return 400, {"error": "not JSON"}
        return 200, handler(request)

    def do_GET(self):
        status, body = self.route()
        payload = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    do_POST = do_GET

    def log_message(self, *_):
        return


def main():
    address = os.environ.get("AGENT_HOST", "127.0.0.1")
    http.server.ThreadingHTTPServer((address, PORT), Requests).serve_forever()


if __name__ == "__main__":
    main()
