"""The ways out of Gradloom: the table EXPORTS, one module a target; a new module is found by itself."""

from importlib import import_module
from pkgutil import iter_modules

from engine.export.target import EXPORTS, Export, export_graph, target_for, trace_for

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
for _name in sorted(EXPORTS, key=lambda name: EXPORTS[name].order):
    EXPORTS[_name] = EXPORTS.pop(_name)  # the order of the menu

__all__ = ["EXPORTS", "Export", "export_graph", "target_for", "trace_for"]
