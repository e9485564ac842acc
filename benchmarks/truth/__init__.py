"""Real training of sick runs with every fix that applies: the truth that a replay is held against."""
