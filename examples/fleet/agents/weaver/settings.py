"""Settings of WEAVER."""

import os

PORT = int(os.getenv("WEAVER_PORT", "8207"))
HOST = os.getenv("AGENT_HOST", "127.0.0.1")
SERVICE = "WEAVER"
VERSION = "1.0"
