"""The tuner: how many calls at once a server turns into the most tokens."""
