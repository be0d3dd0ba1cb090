"""What people type, kept as it was typed."""
