"""What goes over the wire, one module a resource: the only definition of each field."""
