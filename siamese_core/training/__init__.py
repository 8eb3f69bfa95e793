"""Train an encoder, and make a finished model of it."""
