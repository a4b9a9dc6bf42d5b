"""Scheduling, facilitator, agenda, the live room, the closing gate and check-ins."""
