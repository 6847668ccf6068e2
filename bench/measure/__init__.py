"""What is measured: one module a section of the results, each with `measure(bench)`."""
