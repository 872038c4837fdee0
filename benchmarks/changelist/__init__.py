"""The changelist of an admin site over the observations: a yardstick, in a process and with settings of its own."""
