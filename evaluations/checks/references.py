"""References to numeric targets, annexes and parts of the form that do not exist or say otherwise."""
