"""The command line: the same actions as the window, typed. Speaks Chinese or English, or prints one JSON object."""
