"""Layout detection: PicoDet."""
