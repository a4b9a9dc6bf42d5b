"""The sample organisation: real public incidents restated, and generated ones for measuring."""
