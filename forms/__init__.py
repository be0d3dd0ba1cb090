"""What people type: shape, never law."""
