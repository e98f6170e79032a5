"""A witness 见证: an independent body's small server that cosigns a log's checkpoints while they stay consistent."""
