"""Where releases are published: folders, object stores, registries, databases, web services."""
