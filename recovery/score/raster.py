"""Pages as pictures, clean or worn as paper, copiers and cameras wear them."""

from __future__ import annotations

from random import Random
from typing import Literal

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Wear = Literal["clean", "light", "heavy"]


def rasterize(pdf: bytes, dpi: float = 200.0) -> list[Image]:
    """The pages of a PDF as (H, W, 3) RGB pictures."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [
            np.ascontiguousarray(
                document[n].render(scale=dpi / 72, rev_byteorder=True).to_numpy()[..., :3]
            )
            for n in range(len(document))
        ]
    finally:
        document.close()


def worn(page: Image, wear: Wear, seed: int) -> Image:
    """One page after a scan of that quality; the same for the same seed.

    Light: up to 0.5 degrees of skew, slight blur, noise of sigma 5, JPEG 80, a little contrast
    lost. Heavy: up to 1.5 degrees, perspective, blur to 1.2 pixels at 200 dpi, noise to sigma 15,
    JPEG 40 to 60, yellowed paper, the back side shining through, dust and a shadow.

    Args:
        page: (H, W, 3) RGB.
        wear: How worn.
        seed: Where chance comes from.
    """
    if wear == "clean":
        return page
    rng = Random(f"{wear} {seed}")
    noise = np.random.default_rng(rng.randrange(2**32))
    heavy = wear == "heavy"
    image = page.astype(np.float32)
    if heavy:
        image = bleed_through(image, 0.06 + 0.06 * rng.random())
    lean = rng.uniform(-1.5, 1.5) if heavy else rng.uniform(-0.5, 0.5)
    image = tilt(image, lean, bend=0.008 * rng.random() if heavy else 0.0, rng=rng)
    image = blur(image, rng.uniform(0.8, 1.2) if heavy else rng.uniform(0.4, 0.6))
    image = contrast(image, rng.uniform(0.7, 0.85) if heavy else rng.uniform(0.9, 0.97))
    if heavy:
        image = paper_texture(image, noise)
        image = shadow(image, rng)
        image = dust(image, noise, 0.0004)
    image += noise.normal(0.0, rng.uniform(9, 15) if heavy else 5.0, image.shape[:2])[..., None]
    rounded = np.clip(image, 0, 255).astype(np.uint8)
    return jpeg(rounded, rng.randint(40, 60) if heavy else 80)


def tilt(
    image: NDArray[np.float32], degrees: float, *, bend: float, rng: Random
) -> NDArray[np.float32]:
    """Turned counter-clockwise, the corners pushed in by up to `bend` of the page's height."""
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    matrix = np.vstack([turn, [0, 0, 1]])
    if bend:
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        pushed = corners + np.array(
            [[rng.uniform(-1, 1) * bend * height for _ in range(2)] for _ in range(4)], np.float32
        )
        matrix = cv2.getPerspectiveTransform(corners, pushed) @ matrix
    return np.asarray(
        cv2.warpPerspective(
            image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=(255, 255, 255)
        ),
        np.float32,
    )


def blur(image: NDArray[np.float32], sigma: float) -> NDArray[np.float32]:
    """Gaussian blur of `sigma` pixels."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.float32)


def contrast(image: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """The distance from white, times `share`, on paper a little darker than white."""
    return (247.0 - (255.0 - image) * share).astype(np.float32)


def bleed_through(image: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """The page itself, mirrored and faint, as if it were printed on the back."""
    back = blur(np.ascontiguousarray(image[:, ::-1]), 2.0)
    return (image - share * (255.0 - back)).astype(np.float32)


def paper_texture(image: NDArray[np.float32], noise: np.random.Generator) -> NDArray[np.float32]:
    """Yellowed paper with coarse spots."""
    height, width = image.shape[:2]
    coarse = noise.normal(0.0, 5.0, (height // 24 + 2, width // 24 + 2)).astype(np.float32)
    spots = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    tint = np.array([0.0, -5.0, -16.0], np.float32)
    return (image + spots[..., None] + tint).astype(np.float32)


def shadow(image: NDArray[np.float32], rng: Random) -> NDArray[np.float32]:
    """Darker towards one side, as over a book's fold."""
    width = image.shape[1]
    ramp = np.linspace(0.0, 1.0, width, dtype=np.float32)
    if rng.random() < 0.5:
        ramp = ramp[::-1]
    dark = 1.0 - rng.uniform(0.15, 0.3) * np.clip(ramp - 0.6, 0, None) / 0.4
    return (image * dark[None, :, None]).astype(np.float32)


def dust(
    image: NDArray[np.float32], noise: np.random.Generator, share: float
) -> NDArray[np.float32]:
    """Salt and pepper on `share` of the pixels."""
    spots = noise.random(image.shape[:2])
    image = image.copy()
    image[spots < share / 2] = 255.0
    image[spots > 1 - share / 2] = 30.0
    return image


def jpeg(image: Image, quality: int) -> Image:
    """What JPEG of a quality (1 to 100) leaves of a picture."""
    done, data = cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError(f"a picture of shape {image.shape} cannot be written as JPEG")
    return np.ascontiguousarray(np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR))[..., ::-1])
