"""Rate limits and bounds of the live rooms of one process; docs/live-protocol.md lists them."""

MESSAGE_BYTES = 64 * 1024
"""Of one message of a client."""
MESSAGE_BURST, MESSAGES_PER_SECOND = 600, 60
"""Of one socket: how many at once, and in the long run."""
HELLO_BURST, HELLOS_PER_SECOND = 20, 1
"""Hellos of one socket that are answered at once, and in the long run; the others wait for their turn."""
SOCKETS_OF_A_PERSON, SOCKETS_OF_A_ROOM = 50, 250
WAITING_COMMANDS, WAITING_OF_A_PERSON = 5_000, 1_000
"""Of one room, and of one person in it."""
TICK_COMMANDS, TICK_WORK_SECONDS = 250, 0.1
"""What one room may carry out in one transaction; the rest waits for its next one, people taking turns."""
WAITING_CHARACTERS = 1_000_000
"""What may wait for a slow reader behind the message that is being sent; the pieces of a welcome do not count."""
PIECE_CHARACTERS = 100_000
"""About how long one piece of a welcome is."""
REPLAYED_CHANGES = 2_000
"""Rows that one frame or one replay may cover; a client further behind gets everything anew."""
