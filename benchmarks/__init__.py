"""Accuracy and speed of this project on real pages; each run leaves one JSON under results/."""
