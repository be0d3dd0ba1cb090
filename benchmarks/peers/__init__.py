"""Other engines on the same job, in an environment and in processes of their own."""
