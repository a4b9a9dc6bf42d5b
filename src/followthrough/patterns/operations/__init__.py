"""Every write of the patterns: what people say of them, and keeping them in line with incidents and actions."""
