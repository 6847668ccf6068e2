"""How a webhook is proven, read and received, whoever sent it."""
