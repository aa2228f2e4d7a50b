"""Layout detection: PicoDet, and the geometry that checks it."""

from layout.detector import LayoutDetector
from layout.domain import Settled, settle

__all__ = ["LayoutDetector", "Settled", "settle"]
