"""Who is compared: how each contestant's server is started and how it is asked for a page."""
