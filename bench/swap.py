"""Small HTTP agents in one process, told on standard input: `open PORT NAME` and `close PORT`; answers `ok` to each."""

import json
import selectors
import socket
import sys


def main():
    selector = selectors.DefaultSelector()
    servers = {}
    selector.register(sys.stdin, selectors.EVENT_READ, None)
    while True:
        for key, _ in selector.select():
            if key.data is None:
                line = sys.stdin.readline().split()
                if not line:
                    return
                port = int(line[1])
                if line[0] == "open":
                    server = socket.socket()
                    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    server.bind(("127.0.0.1", port))
                    server.listen(64)
                    servers[port] = server
                    selector.register(server, selectors.EVENT_READ, line[2])
                else:
                    selector.unregister(servers[port])
                    servers.pop(port).close()
                print("ok", flush=True)
            else:
                client, _ = key.fileobj.accept()
                client.settimeout(2)
                body = json.dumps({"status": "healthy", "agent": key.data, "port": key.fileobj.getsockname()[1]})
                try:
                    client.recv(4096)
                    client.sendall(f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
                except OSError:
                    pass
                client.close()


if __name__ == "__main__":
    main()
