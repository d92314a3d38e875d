"""The operations, declared one by one. Importing this package fills `engine.ops.op.OPS`; a new module is found by itself.

What an operation does with the axes of a value:
    a batch       is a leading axis. Elementwise operations, matmul and linear keep it, and broadcast as NumPy does.
    reductions    sum, mean, amax, std … take all elements, unless their setting `axis` names one axis or several; `keep`
                  keeps these, with length 1. concat joins, and stack lays side by side, along axis 0.
    along an axis softmax, log_softmax and vecdot work along the last axis, so a batch of vectors is handled sample by
                  sample, unless their setting `axis` says otherwise. dot is NumPy's: of matrices it is their product.
    matrices      matmul multiplies the last two axes and linear(x, W, b) is x Wᵀ + b, with W of shape (out, in);
                  transpose puts all axes back to front, unless it is told an order; a vector stays as it is.
    reshape       gives the whole value, batch axis and all, the shape of its setting `shape`; one length may be −1, the
                  one that follows from the others: (-1, 784) keeps a batch of any size.
    a loss        is one number: the mean over all elements it is given; of cross_entropy, whose last axis are the
                  classes, the mean over all samples.
    targets       of cross_entropy are one-hot rows in the logits' shape, or class ids with one axis fewer.
"""

from importlib import import_module
from pkgutil import iter_modules

from engine.ops.op import GROUPS, OPS

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
_groups = tuple(GROUPS)
for _name in sorted(OPS, key=lambda name: (_groups.index(OPS[name].group), OPS[name].order)):
    OPS[_name] = OPS.pop(_name)  # the order of the palette: leaves first, losses last
