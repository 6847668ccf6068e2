"""The addresses of the service, one blueprint a resource."""
