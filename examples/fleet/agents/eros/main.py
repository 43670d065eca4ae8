# ARWEN (moved)
import json, os
from http.server import BaseHTTPRequestHandler, HTTPServer

PORT = 8104


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/health":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps({"status": "healthy", "agent": "ARWEN", "port": PORT}).encode())


if __name__ == "__main__":
    HTTPServer((os.environ.get("AGENT_HOST", "127.0.0.1"), PORT), Handler).serve_forever()
