"""The sub-commands: they read options, call a room or a job, and print. No logic of their own."""
