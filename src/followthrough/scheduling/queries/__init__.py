"""Reading who should come and who could."""
