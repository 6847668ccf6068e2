"""What `make bench` runs: this service beside others, over the same data, in turns."""
