"""Failures that the command line tells as a message, apart from the modules that are slow to import."""


class JobError(RuntimeError):
    """A job failed; the message names the step and the reason."""
