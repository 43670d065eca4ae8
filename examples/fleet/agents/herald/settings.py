"""Settings of HERALD."""

import os

PORT = int(os.getenv("HERALD_PORT", "8014"))
HOST = os.getenv("AGENT_HOST", "127.0.0.1")
SERVICE = "HERALD"
VERSION = "1.0"
