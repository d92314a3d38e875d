"""The dataset: a leaf that reads its rows from a file or a formula, with one output a group of columns."""

from engine.data.tables import ENCODINGS, NAMES, first_batch
from engine.ops.declare import op
from engine.ops.setting import Setting

op(
    "dataset", "▤", "", "",
    group="leaf",
    order=1,
    tooltip="Rows to learn from. Stepping shows the first few; training goes through all of them. A dataset gets no gradient.",
    outputs=("features", "targets"),
    constant=True,
    supply=first_batch,
    settings=(
        Setting("name", "iris", "Data", NAMES),
        Setting("path", "", "CSV file", is_path=True, implies=(("name", "csv"),)),
        Setting("label", "", "Label column (empty: the last one)"),
        Setting("columns", "", "Feature columns (empty: all others)"),
        Setting("header", True, "The first line names the columns"),
        Setting("skips", False, "Leave out rows with gaps"),
        Setting("targets", "auto", "Targets given as", ENCODINGS),
        Setting("standardise", True, "Standardise the features"),
        Setting("held_out", 0.25, "Fraction held out"),
        Setting("seed", 0, "Seed for the split"),
        Setting("batch", 8, "Rows shown while stepping"),
        Setting("row", 0, "Row shown alone (0: the first few)"),
    ),
)  # fmt: skip
