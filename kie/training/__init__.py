"""Training key information extraction: pages to targets, losses, schedule, checkpoints."""
