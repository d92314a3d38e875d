"""The operations, declared one by one. Importing this package fills `engine.op.OPS`; a new module is found by itself.

What an operation does with the axes of a value:
    a batch       is a leading axis. Elementwise operations, matmul and linear keep it, and broadcast as NumPy does.
    along an axis sum, mean, softmax, log_softmax, dot and concat work along the last axis, so a batch of vectors is
                  handled sample by sample, unless their setting `axis` says otherwise: an int, or "all".
    matrices      matmul multiplies the last two axes and linear(x, W, b) is x Wᵀ + b, with W of shape (out, in);
                  transpose swaps the last two axes; a vector stays as it is.
    reshape       gives the whole value, batch axis and all, the shape of its setting `shape`; one length may be −1, the
                  one that follows from the others: (-1, 784) keeps a batch of any size.
    a loss        is one number: the mean over all elements it is given; of cross_entropy, whose last axis are the
                  classes, the mean over all samples.
    targets       of cross_entropy are one-hot rows in the logits' shape, or class ids with one axis fewer.
"""

from importlib import import_module
from pkgutil import iter_modules

# The order of the palette: leaves first, losses last; a module that is not named here comes after them.
_ORDER = ("leaf", "dataset", "arithmetic", "elementary", "activation", "tensor", "loss")

_found = [module.name for module in iter_modules(__path__)]
for _name in sorted(_found, key=lambda n: (_ORDER.index(n) if n in _ORDER else len(_ORDER), n)):
    import_module(f"{__name__}.{_name}")
