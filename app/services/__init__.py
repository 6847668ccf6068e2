"""What becomes of calls, patients, tags and keys, whoever asks: no HTTP and no JSON."""
