"""Synthetic business pages with all their labels, to train key information extraction on."""

from kie.synth.generator import FAMILIES, make_page
from kie.synth.locale import load_locales

__all__ = ["FAMILIES", "load_locales", "make_page"]
