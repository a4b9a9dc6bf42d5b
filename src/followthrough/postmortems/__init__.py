"""The review of one incident: its life cycle, promises and participants."""
