"""The live meeting room: what its commands do, its records as JSON, and what is drawn from them."""
