"""Images: convolutions and pooling, over (batch, channels, height, width), as in PyTorch and ONNX.

Symbols: x the image; w the kernel (channels out, channels in / groups, height, width); y the output; g = ∂L/∂y the
upstream gradient. Stride, padding, dilation and size are pairs: down, across.
"""

from functools import partial

from engine.ops.declare import op
from engine.ops.setting import Setting, pair

image = partial(op, group="tensor", order=1)

STRIDE = Setting("stride", (1, 1), "Stride: down, across", kind=pair)
PADDING = Setting("padding", (0, 0), "Padding: rows above and below, columns left and right", kind=pair)
SIZE = Setting("size", (2, 2), "Window: rows, columns", kind=pair)
STEPS = Setting("stride", (2, 2), "Stride: down, across", kind=pair)
_HOW = "stride, padding, dilation, groups"

image(
    "conv2d", "conv", "x w", f"conv2d(x, w, {_HOW})",
    combines="product",
    vjp=(f"conv2d_left(g, x, w, {_HOW})", f"conv2d_right(g, x, w, {_HOW})"),
    settings=(STRIDE, PADDING, Setting("dilation", (1, 1), "Dilation: down, across", kind=pair), Setting("groups", 1, "Groups of channels")),
    title="Convolution",
    tooltip="Moves the kernel w over the image x (batch, channels, height, width): each output is a window times the kernel, added up.",
    latex=r"{x} \star {w}",
    roles="image, kernel",
    does="is the convolution of the image {x} with the kernel {w}",
    gradient=(
        "Each pixel of {source} gets what reached every window that saw it, times the weight that it met there.",
        "Each weight of {source} was used in every window, over the whole batch: it gets what reached each of them, times the pixel that it met there.",
    ),
    responsibility=(
        "Each pixel of {source} takes on the responsibility of every window that saw it, times the weight that it met there.",
        "Each weight of {source} was used in every window, over the whole batch: it takes on the responsibility of each of them, times the pixel that it met there.",
    ),
    jacobian=(
        ("sparse", "Each output depends only on the pixels in its window: the same weights in every row, moved along."),
        ("dense", "Each output of a channel depends on all weights of that channel's kernel; the slopes are its window."),
    ),
)  # fmt: skip
image(
    "max_pool2d", "maxp", "x", "max_pool2d(x, size, stride, padding)",
    vjp=("max_unpool2d(g, x, size, stride, padding)",),
    settings=(SIZE, STEPS, PADDING),
    title="Max pooling",
    tooltip="The largest of each window of an image (batch, channels, height, width); the gradient goes back to that one alone.",
    latex=r"\mathrm{{maxpool}}({x})",
    does="keeps the largest element of each window of {x}",
    gradient="Of each window only the largest element counts: it gets what reached its output, unchanged, and the others get nothing; where windows overlap, these add up. Of equal ones, by convention, the first counts.",
    responsibility="Of each window only the largest element counts: it takes on all of the responsibility of its output, and the others none; where windows overlap, these add up. Of equal ones, by convention, the first counts.",
    cell=("{at} is the largest of a window: it won, so what reached {node} there comes to it.", "In each window that sees {at} another cell won, being larger, or as large and first: nothing comes back to it."),
    jacobian=(("selection", "Each output is one element of its window: a single 1 in each row."),),
)  # fmt: skip
image(
    "avg_pool2d", "avgp", "x", "avg_pool2d(x, size, stride, padding)",
    combines="sum",
    vjp=("avg_unpool2d(g, x, size, stride, padding)",),
    settings=(SIZE, STEPS, PADDING),
    title="Average pooling",
    tooltip="The mean of each window of an image (batch, channels, height, width), the zeros of the padding included.",
    latex=r"\mathrm{{avgpool}}({x})",
    does="averages each window of {x}",
    gradient="A mean shares evenly: each element of a window gets the same part of what reached its output. Where windows overlap, the parts add up.",
    responsibility="A mean shares evenly: each element of a window takes on the same part of the responsibility of its output. Where windows overlap, the parts add up.",
    jacobian=(("row of 1/n", "Each output depends on each of the n elements of its window with slope 1/n, and on no other."),),
)  # fmt: skip
