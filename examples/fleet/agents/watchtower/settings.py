"""Settings of WATCHTOWER."""

import os

PORT = int(os.getenv("WATCHTOWER_PORT", "8016"))
HOST = os.getenv("AGENT_HOST", "127.0.0.1")
SERVICE = "WATCHTOWER"
VERSION = "1.0"
