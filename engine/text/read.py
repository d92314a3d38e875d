"""Text → graph: `q = x + y; f = q * z`, and programs as micrograd and PyTorch write them. Nothing is ever executed.

A statement gives a name to an expression; the last is the target. A name assigned again is a new node (`g`, `g_2` …);
one that is never assigned is an input, still without a value; a number is a constant, and so is a list of them.
Operations are called by name, `x.relu()` is relu(x), keyword arguments are settings (or a `label`), and `input(-2)`,
`parameter(normal(2, 3))`, `constant(1)` make leaves. Ignored, and nothing else: imports, print(…), `.backward()`.
`f.backward(10)` sets the seed; a last line `None` says that there is no target.
"""

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from engine.errors import TextError
from engine.graph.graph import Graph
from engine.graph.names import ID
from engine.graph.records import Edge, Node
from engine.layout.layout import laid_out
from engine.ops.op import Op
from engine.text.grammar import MODULES, OPERATORS, OVER_ALL, SETTING_NAMES, Source, label_word, no_such_op, vocabulary
from engine.text.numbers import choice, is_literal, learns, literal, number
from engine.values.values import Value

Operand = tuple[str, int]  # a node and which of its outputs

_NUMBER_WORDS = {"array": "constant", "float": "constant", "int": "constant"}  # np.array([1, 2]) and the like

_METHODS = {"t": "transpose"}


def parse(text: str) -> Graph:
    """The graph that a program or an expression describes, laid out. Raises TextError with line and column."""
    return laid_out(_Program(Source(text)).graph())


class _Program:
    """The statements of a text, made into nodes and edges one by one."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.ops = vocabulary()
        self.nodes: dict[str, Node] = {}
        self.edges: list[Edge] = []
        self.bound: dict[str, Operand] = {}  # what each name stands for now
        self.target: str | None = None
        self.seed = 1.0
        self.assigned, self.reserved = _names(source.statements)
        self.counts: dict[str, int] = {}
        self._run([statement for statement in source.statements if not self._ignored(statement)])

    def graph(self) -> Graph:
        return Graph.of(self.nodes.values(), self.edges, target=self.target, seed=self.seed)

    # --- statements

    def _ignored(self, statement: ast.stmt) -> bool:
        """What a program from elsewhere has beside its arithmetic; a number given to `.backward` is the seed."""
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            return True
        call = statement.value if isinstance(statement, ast.Expr) else None
        if not isinstance(call, ast.Call):
            return False
        if isinstance(call.func, ast.Attribute) and call.func.attr == "backward":
            if call.args:
                self.seed = number(self.source, call.args[0])
            return True
        return isinstance(call.func, ast.Name) and call.func.id == "print"

    def _run(self, statements: Sequence[ast.stmt]) -> None:
        if not statements:
            raise TextError("there is nothing to make a graph of yet: write an expression such as (x + y) * z")
        for statement in statements:
            self._do(statement, last=statement is statements[-1])

    def _do(self, statement: ast.stmt, last: bool) -> None:
        if isinstance(statement, ast.Assign):
            names = [self._checked_name(target) for target in statement.targets]
            operand = self._value(statement.value, names[0])
            self.bound |= dict.fromkeys(names, operand)
        elif isinstance(statement, ast.AugAssign):
            name = self._checked_name(statement.target)
            read = ast.copy_location(ast.Name(name, ast.Load()), statement.target)
            both = ast.copy_location(ast.BinOp(read, statement.op, statement.value), statement)
            operand = self.bound[name] = self._value(both, name)
        elif isinstance(statement, ast.Expr):
            if last and isinstance(statement.value, ast.Constant) and statement.value.value is None:
                self.target = None
                return
            if not last and not isinstance(statement.value, ast.Name):
                self.source.refuse(statement, "the result of this line is not used: give it a name")
            operand = self._value(statement.value)
        else:
            self.source.refuse_kind(statement)
        self.target = operand[0]

    def _checked_name(self, target: ast.expr) -> str:
        if not isinstance(target, ast.Name):
            self.source.refuse(target, "only a name can stand on the left of “=”")
        if not ID.match(target.id):
            self.source.refuse(target, f"“{target.id}” cannot be a name: use the letters a to z, digits and _")
        return target.id

    # --- expressions

    def _value(self, expression: ast.expr, name: str | None = None) -> Operand:
        """Make the nodes of an expression, operands first; the last one gets the name. No recursion: sums are long."""
        todo: list[tuple[ast.expr, list[ast.expr] | None]] = [(expression, None)]
        made: list[Operand] = []
        while todo:
            node, operands = todo.pop()
            if operands is None:
                operands = self._operands(node)
                todo.append((node, operands))
                todo.extend((operand, None) for operand in reversed(operands))
            else:
                start = len(made) - len(operands)
                made[start:] = [self._made(node, made[start:], name if node is expression else None)]
        return made[0]

    def _operands(self, node: ast.expr) -> list[ast.expr]:
        """The expressions that must be made before `node` can be."""
        if is_literal(node) or isinstance(node, ast.Name):
            return []
        if isinstance(node, ast.BinOp):
            if type(node.op) not in OPERATORS:
                self.source.refuse_kind(node, node.op)
            return [node.left, node.right]
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
            return [node.operand]
        if isinstance(node, ast.Call):
            return self._arguments(node)[0]
        if isinstance(node, ast.Attribute):
            return [node.value]
        if isinstance(node, ast.Constant):
            self.source.refuse(node, f"{_constant_kind(node.value)} is not understood here; only numbers are")
        self.source.refuse_kind(node, node.op if isinstance(node, ast.UnaryOp) else None)

    def _made(self, node: ast.expr, inputs: list[Operand], name: str | None) -> Operand:
        if isinstance(node, ast.Name):
            return self._named(node)
        if isinstance(node, ast.BinOp):
            return self._node(node, self._op(node, OPERATORS[type(node.op)]), inputs, name)
        if is_literal(node):
            is_parameter = isinstance(node, ast.Call) and learns(node)  # torch.zeros(3, requires_grad=True)
            return self._leaf("parameter" if is_parameter else "constant", literal(self.source, node), name)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd):
            return inputs[0]
        if isinstance(node, ast.UnaryOp):
            return self._node(node, self._op(node, "neg"), inputs, name)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, inputs[0], name)
        assert isinstance(node, ast.Call)
        return self._called(node, inputs, name)

    def _named(self, node: ast.Name) -> Operand:
        if node.id in self.bound:
            return self.bound[node.id]
        if node.id in self.assigned:
            self.source.refuse(node, f"“{node.id}” is used here before it is given a value")
        operand = self.bound[self._checked_name(node)] = self._leaf("input", None, node.id)
        return operand

    def _attribute(self, node: ast.Attribute, base: Operand, name: str | None) -> Operand:
        """`x.T` is the transpose; a leaf with several outputs has them by name."""
        outputs = self.nodes[base[0]].op.outputs
        if len(outputs) > 1 and node.attr in outputs:
            return base[0], outputs.index(node.attr)
        if node.attr != "T":
            self.source.refuse(node, f"“.{node.attr}” is not understood here")
        return self._node(node, self.ops.get("T") or self._op(node, "transpose"), [base], name)

    # --- calls

    def _callee(self, call: ast.Call) -> Op:
        function = call.func
        if not isinstance(function, (ast.Name, ast.Attribute)):
            self.source.refuse(call, "only an operation can be called, by its name")
        name = function.id if isinstance(function, ast.Name) else _METHODS.get(function.attr, function.attr)
        return self._op(function, _NUMBER_WORDS.get(name, name))

    def _op(self, node: ast.expr, name: str) -> Op:
        return self.ops.get(name) or self.source.refuse(node, no_such_op(name, self.ops))

    def _arguments(self, call: ast.Call) -> tuple[list[ast.expr], list[ast.expr]]:
        """What goes into a call by port, and what else stands in it: settings, in the order of their declaration.

        `x.mul(y)` is mul(x, y), `concat([x, y], 0)` is concat(x, y, axis=0), `x.reshape(2, 3)` has a setting.
        """
        op, given = self._callee(call), list(call.args)
        if op.is_leaf:
            return [], given
        if isinstance(call.func, ast.Attribute) and not self._is_module(call.func.value):
            given.insert(0, call.func.value)
        if op.repeats and given and isinstance(given[0], (ast.List, ast.Tuple)):
            return given[0].elts, given[1:]
        ports = len(given) if op.repeats or not op.settings else op.fewest
        return given[:ports], given[ports:]

    def _is_module(self, node: ast.expr) -> bool:
        """Whether what stands before a dot is a module: torch, F, np, torch.nn.functional …"""
        while isinstance(node, ast.Attribute) and node.attr in MODULES:
            node = node.value
        return isinstance(node, ast.Name) and node.id in MODULES and node.id not in self.assigned

    def _called(self, call: ast.Call, inputs: list[Operand], name: str | None) -> Operand:
        op, rest = self._callee(call), self._arguments(call)[1]
        is_parameter = op.holds_value and learns(call)
        value = literal(self.source, rest.pop(0)) if op.holds_value and rest else None
        label, settings = self._settings(call, op, rest)
        if op.name in OVER_ALL and isinstance(call.func, ast.Attribute):
            settings = {"axis": "all"} | settings  # x.sum() and torch.sum(x) sum over everything
        if op.is_leaf:
            return self._leaf("parameter" if is_parameter else op.name, value, name, label, settings)
        return self._node(call, op, inputs, name, label, settings)

    def _settings(self, call: ast.Call, op: Op, rest: list[ast.expr]) -> tuple[str, dict[str, Any]]:
        """A node's label and its settings, by place and by keyword."""
        if len(rest) > len(op.settings) and (len(op.settings) != 1 or not isinstance(op.settings[0].default, tuple)):
            self.source.refuse(rest[len(op.settings)], f"this is one argument too many for {op.name}")
        if len(rest) > len(op.settings):  # x.reshape(2, 3)
            rest = [_tuple_of(rest)]
        if len(rest) == len(op.settings) == 1 and isinstance(op.settings[0].default, tuple):
            rest = [rest[0] if isinstance(rest[0], (ast.List, ast.Tuple)) else _tuple_of(rest)]  # x.view(-1)
        places = dict(zip((setting.name for setting in op.settings), rest, strict=False))
        words = {SETTING_NAMES.get(word.arg or "**", word.arg or "**"): word.value for word in call.keywords}
        label = words.pop(label_word(op), None)
        if label is not None and not (isinstance(label, ast.Constant) and isinstance(label.value, str)):
            self.source.refuse(label, "a label must be text in quotes")
        settings = {name: self._setting(op, name, node) for name, node in (places | words).items()}
        return str(label.value) if isinstance(label, ast.Constant) else "", settings

    def _setting(self, op: Op, name: str, node: ast.expr) -> Any:
        declared = next((setting for setting in op.settings if setting.name == name), None)
        if declared is None:
            self.source.refuse(node, f"{op.name} has no setting “{name}”")
        try:
            return declared.checked(choice(self.source, node))
        except ValueError as error:
            self.source.refuse(node, str(error))

    # --- nodes

    def _leaf(
        self, op: str, value: Value | None, name: str | None, label: str = "", settings: dict[str, Any] | None = None
    ) -> Operand:
        id = self._free_id(name, "c" if op == "constant" else op)
        self.nodes[id] = Node(id, op, value, _label(label, id), settings=tuple(sorted((settings or {}).items())))
        return id, 0

    def _node(
        self, node: ast.expr, op: Op, inputs: list[Operand], name: str | None, label: str = "", settings: Any = ()
    ) -> Operand:
        if len(inputs) < op.fewest or (len(inputs) > op.fewest and not op.repeats):
            many = "one input" if op.fewest == 1 else f"{op.fewest} inputs"
            least = "at least " if op.repeats else ""
            self.source.refuse(node, f"{op.name} takes {least}{many}, not {len(inputs)}")
        id = self._free_id(name, op.name)
        self.nodes[id] = Node(id, op.name, label=_label(label, id), settings=tuple(sorted(dict(settings).items())))
        self.edges += [Edge(source, id, port, output) for port, (source, output) in enumerate(inputs)]
        return id, 0

    def _free_id(self, name: str | None, stem: str) -> str:
        """The name, or name_2, name_3 … when it is assigned again; without a name the op's with a number."""
        if name is not None and name not in self.nodes:
            return name
        stem = stem if name is None else f"{name}_"
        ids = self._numbered(stem, bare=name is None)
        return next(id for id in ids if id not in self.nodes and id not in self.reserved)

    def _numbered(self, stem: str, bare: bool) -> Iterator[str]:
        while True:
            count = self.counts[stem] = self.counts.get(stem, 0 if bare else 1) + 1
            yield stem if count == 1 else f"{stem}{count}"


def _names(statements: Sequence[ast.stmt]) -> tuple[set[str], set[str]]:
    """The names that are assigned to, and all that stand for values: those that are only called do not."""
    nodes = [node for statement in statements for node in ast.walk(statement)]
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    names = [node for node in nodes if isinstance(node, ast.Name) and id(node) not in called]
    return {node.id for node in names if isinstance(node.ctx, ast.Store)}, {node.id for node in names}


def _tuple_of(nodes: list[ast.expr]) -> ast.expr:
    return ast.copy_location(ast.Tuple(nodes, ast.Load()), nodes[0])


def _constant_kind(value: object) -> str:
    return "text in quotes" if isinstance(value, (str, bytes)) else f"“{str(value)[:40]}”"


def _label(label: str, id: str) -> str:
    return "" if label == id else label
