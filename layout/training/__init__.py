"""Training the layout detector: targets, losses, distillation, schedule."""
