"""The JSON API: one blueprint a resource, and how a request is read and a row answered."""
