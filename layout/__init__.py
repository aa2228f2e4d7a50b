"""Layout detection: PicoDet, and the geometry that checks it."""

from layout.checkboxes import with_checkboxes
from layout.detector import LayoutDetector
from layout.domain import Settled, settle

__all__ = ["LayoutDetector", "Settled", "settle", "with_checkboxes"]
