"""Page orientation and skew."""

from structure.orientation.classifier import OrientationClassifier
from structure.orientation.postprocess import Orientation
from structure.orientation.skew import estimate_skew
from structure.orientation.turning import Turned, deskew, upright

__all__ = [
    "Orientation",
    "OrientationClassifier",
    "Turned",
    "deskew",
    "estimate_skew",
    "upright",
]
