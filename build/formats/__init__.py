"""Annotation formats of others to annotated articles: read by their grammar, mapped as data say."""
