"""The drawing kit: SVG elements with one escaping, text metrics, axes, the palette of paper. Knows nothing of the domain."""
