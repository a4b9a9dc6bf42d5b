"""The commands of the live meeting room, one module per room whose records they change."""
