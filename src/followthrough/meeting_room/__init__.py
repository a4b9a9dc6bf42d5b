"""The live meeting room: its commands, its records as JSON, what is drawn from them, the gate, the pre-read."""
