"""Settings of MILLER."""

import os

PORT = int(os.getenv("MILLER_PORT", "8213"))
HOST = os.getenv("AGENT_HOST", "127.0.0.1")
SERVICE = "MILLER"
VERSION = "1.0"
