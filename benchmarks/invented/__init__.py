"""Invented articles with annotations, drawn from a seed."""
