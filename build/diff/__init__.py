"""What changed between two data packages, and which version that asks for."""
