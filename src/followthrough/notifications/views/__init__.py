"""Pages of the inbox, of what people want by mail, and of what administrators look after."""
