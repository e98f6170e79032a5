"""The files of deploy/, tried as processes: the same settings and commands, without a container engine."""
