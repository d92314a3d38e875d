"""The operations, declared one by one. Importing this package fills `engine.op.OPS`; a new module is found by itself."""

from importlib import import_module
from pkgutil import iter_modules

# The order of the palette: leaves first, losses last; a module that is not named here comes after them.
_ORDER = ("leaf", "arithmetic", "activation", "tensor", "loss")

_found = [module.name for module in iter_modules(__path__)]
for _name in sorted(_found, key=lambda n: (_ORDER.index(n) if n in _ORDER else len(_ORDER), n)):
    import_module(f"{__name__}.{_name}")
