"""Settings of BRICKYARD."""

import os

PORT = int(os.getenv("BRICKYARD_PORT", "8201"))
HOST = os.getenv("AGENT_HOST", "127.0.0.1")
SERVICE = "BRICKYARD"
VERSION = "1.0"
