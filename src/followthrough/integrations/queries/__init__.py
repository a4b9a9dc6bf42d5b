"""Reading connections, links and deliveries."""
