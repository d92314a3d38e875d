"""Words for images; in ONNX see `engine/export/onnx_words.py`. See `engine.ops.words.table`."""

from collections.abc import Mapping

from engine.ops.words import images, outlines
from engine.ops.words.word import Word

_JAX_POOL = "jax.lax.reduce_window({0}, (1, 1) + size, (1, 1) + stride, [(0, 0), (0, 0)] + [(p, p) for p in padding])"

OF_IMAGES: Mapping[str, Word] = {
    "conv2d": Word(
        images.conv2d, None, "conv2d",
        "lambda x, w, stride, padding, dilation, groups:"
        " F.conv2d(x, w, stride=stride, padding=padding, dilation=dilation, groups=groups)",
        "lambda x, w, stride, padding, dilation, groups: jax.lax.conv_general_dilated(x, w, stride,"
        " [(p, p) for p in padding], rhs_dilation=dilation, feature_group_count=groups)",
        latex=r"{p0} \star {p1}",
        outline=outlines.conv2d,
    ),
    "conv2d_left": Word(images.conv2d_left, None, "conv2d_left", outline=outlines.conv2d_back(0)),
    "conv2d_right": Word(images.conv2d_right, None, "conv2d_right", outline=outlines.conv2d_back(1)),
    "max_pool2d": Word(
        images.max_pool2d, None, "max_pool2d",
        "lambda x, size, stride, padding: F.max_pool2d(x, size, stride, padding)",
        f"lambda x, size, stride, padding: {_JAX_POOL.format('x, -jnp.inf, jax.lax.max')}",
        outline=outlines.pool2d,
    ),
    "max_unpool2d": Word(images.max_unpool2d, None, "max_unpool2d", outline=outlines.unpool2d),
    "avg_pool2d": Word(
        images.avg_pool2d, None, "avg_pool2d",
        "lambda x, size, stride, padding: F.avg_pool2d(x, size, stride, padding)",
        f"lambda x, size, stride, padding: {_JAX_POOL.format('x, 0.0, jax.lax.add')} / (size[0] * size[1])",
        outline=outlines.pool2d,
    ),
    "avg_unpool2d": Word(images.avg_unpool2d, None, "avg_unpool2d", outline=outlines.unpool2d),
}  # fmt: skip
