"""Settings of QUILL."""

import os

PORT = int(os.getenv("QUILL_PORT", "8031"))
HOST = os.getenv("AGENT_HOST", "127.0.0.1")
SERVICE = "QUILL"
VERSION = "1.0"
