"""Reading the room: its records as JSON, and the input of what is drawn from them."""
