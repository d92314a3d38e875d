"""What is said of the rows of a file before they are learnt from: what a column holds, and what is left out and why."""

from __future__ import annotations

from collections.abc import Collection

from engine.data.cells import SEPARATORS
from engine.data.survey import MOST_WORDS, ColumnSurvey, Survey, cut
from engine.values.values import counted, number_text, thousands

MOST_GAPS, MOST_NAMED = 5, 8  # reasons, and columns, that are named


def shape_said(survey: Survey) -> str:
    """`150 rows of 5 columns, with semicolons between them; 1,5 is read as 1.5.`"""
    said = f"{counted(survey.rows, 'row')} of {counted(len(survey.columns), 'column')}"
    comma = "; decimal commas: 1,5 is read as 1.5" if survey.spelling.decimal_comma else ""
    return f"{said}, with {SEPARATORS[survey.spelling.separator]} between them{comma}."


def column_said(column: ColumnSurvey) -> str:
    """What a column holds, and what is odd about it."""
    if column.holds == "nothing":
        return "nothing: every cell is empty"
    empty = f"; {counted(column.missing, 'empty cell')}" if column.missing else ""
    if column.holds == "words":
        kinds = f"more than {thousands(MOST_WORDS)}" if len(column.kinds) > MOST_WORDS else str(len(column.kinds))
        return f"words, {'the same in every row' if column.is_constant else f'{kinds} different'}{empty}"
    if column.is_constant:
        return f"{number_text(next(iter(column.values)))} in every row: nothing to learn from{empty}"
    if column.numbers_rows:
        return f"{column.first[0]}, {column.first[1]}, {column.first[2]} …: it numbers the rows"
    others = column.words + column.unknown
    first = "" if others == 1 else "the first is "
    odd = f"; {counted(others, 'cell')} {'is' if others == 1 else 'are'} no number ({first}“{cut(column.odd)}”)"
    return f"numbers{odd if others else ''}{empty}"


def obstacle(column: ColumnSurvey, as_target: bool) -> str:
    """Why a column cannot be a feature, or the target; empty: it can."""
    if column.holds == "nothing":
        return "Every cell is empty"
    if as_target and column.holds == "words" and len(column.kinds) > MOST_WORDS:
        return f"More than {thousands(MOST_WORDS)} different words are no classes"
    if not as_target and column.holds == "words":
        return "Words are no numbers: this column can only be the target"
    return ""


def report(survey: Survey, features: Collection[int], target: int) -> tuple[str, str, bool]:
    """What is learnt from what; what is left out, and why; and whether that can be."""
    if target < 0:
        return "Choose the column that is the target.", "", False
    if not features:
        return "Choose at least one column as a feature.", "", False
    gaps = survey.gaps([*features, target])
    used = survey.rows - sum(gap.count for gap in gaps)
    left = [f"{gap.sentence}." for gap in gaps[:MOST_GAPS]]
    if len(gaps) > MOST_GAPS:
        left.append(f"And {counted(sum(gap.count for gap in gaps[MOST_GAPS:]), 'row')} for other reasons.")
    if columns := _left_columns(survey, features, target):
        left.append(columns)
    said = "Left out: " + " ".join(left) if left else ""
    if not used:
        return "Every row has a gap in one of these columns: no row is left.", said, False
    aim = survey.columns[target]
    kinds = "classes" if gaps else f"{aim.classes} classes"  # some may stand only where there is a gap
    kind = kinds if aim.classes else "a number to hit"
    rows = counted(used, "row") if used == survey.rows else f"{thousands(used)} of {counted(survey.rows, 'row')}"
    return f"{rows}, {counted(len(features), 'feature')}; “{aim.name}” is the target: {kind}.", said, True


def _left_columns(survey: Survey, features: Collection[int], target: int) -> str:
    """`Columns: “name”, “colour” (words), “site” (the same in every row).`"""
    by_reason: dict[str, list[str]] = {}
    for at, each in enumerate(survey.columns):
        if at not in features and at != target:
            by_reason.setdefault(_reason(each), []).append(f"“{each.name}”")
    said = []
    for reason, names in by_reason.items():
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        said.append(f"{', '.join(names[:MOST_NAMED])}{more} ({reason})")
    return f"Columns: {', '.join(said)}." if said else ""


def _reason(column: ColumnSurvey) -> str:
    if column.holds == "nothing":
        return "empty"
    if column.is_constant:
        return "the same in every row"
    if column.numbers_rows:
        return "it numbers the rows"
    return "words" if column.holds == "words" else "not chosen"
