"""The ways out of Gradloom: the table EXPORTS, one module a target; a new module is found by itself."""

from importlib import import_module
from pkgutil import iter_modules

from engine.export.out import export_graph, target_for, trace_for
from engine.export.target import EXPORTS, Export

# The order of the menu; a target that is not named here comes after these.
_ORDER = ("numpy", "torch", "jax", "micrograd", "latex", "graphviz", "mermaid", "text", "gradloom", "records")

_found = [module.name for module in iter_modules(__path__)]
for _name in sorted(_found, key=lambda n: (_ORDER.index(n) if n in _ORDER else len(_ORDER), n)):
    import_module(f"{__name__}.{_name}")

__all__ = ["EXPORTS", "Export", "export_graph", "target_for", "trace_for"]
