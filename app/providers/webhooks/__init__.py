"""How a webhook is proven, read, received and made, whoever sends it."""
