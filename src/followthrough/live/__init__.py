"""The WebSocket transport, presence and replay; it knows nothing of the domain."""
