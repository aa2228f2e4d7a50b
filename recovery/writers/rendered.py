"""What a writer gives back."""

from __future__ import annotations

from dataclasses import dataclass, field

from structure.core.document import Warning


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document in a file format.

    Attributes:
        data: The bytes of the file.
        side_files: Files that lie in the folder `<name>_assets` beside it, by plain name.
        warnings: What the format could not express.
    """

    data: bytes
    side_files: dict[str, bytes] = field(default_factory=dict)
    warnings: tuple[Warning, ...] = ()
