"""Rows of an Arrow table in one textual form, so that those of two engines can be compared.

Integers, decimals, dates (days), times (microseconds) and timestamps (nanoseconds) are text, binary values are
hexadecimal text, a map is a list of pairs, and an infinite or undefined number is its name.
"""

import decimal
import math
import uuid

import pyarrow as pa

NANOSECONDS = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1000, "ns": 1}


def canonical_rows(table: pa.Table) -> list[list]:
    columns = [canonical_column(column.combine_chunks()) for column in table.itercolumns()]
    return [list(row) for row in zip(*columns)] if columns else []


def canonical_column(column: pa.Array) -> list:
    """By the type of the column, and not of each value: Python's own temporal types reach less far."""
    if isinstance(column, pa.ChunkedArray):
        return [value for chunk in column.chunks for value in canonical_column(chunk)]
    kind = column.type
    if isinstance(kind, pa.ExtensionType):
        return [canonical(value) for value in column.to_pylist()]
    if pa.types.is_timestamp(kind):
        factor = NANOSECONDS[kind.unit]
        return [None if value is None else str(value * factor) for value in column.cast(pa.int64()).to_pylist()]
    if pa.types.is_time64(kind):
        return [None if value is None else str(value * NANOSECONDS[kind.unit] // 1000) for value in column.cast(pa.int64()).to_pylist()]
    if pa.types.is_date32(kind):
        return [None if value is None else str(value) for value in column.cast(pa.int32()).to_pylist()]
    if pa.types.is_struct(kind):
        names = [kind.field(position).name for position in range(kind.num_fields)]
        children = [canonical_column(column.field(position)) for position in range(kind.num_fields)]
        rows = zip(*children) if children else ([] for _ in range(len(column)))
        return [dict(zip(names, row)) if valid.as_py() else None for row, valid in zip(rows, column.is_valid())]
    if pa.types.is_map(kind):
        return nested(column, list(zip(canonical_column(column.keys), canonical_column(column.items))), as_pairs)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return nested(column, canonical_column(column.values), list)
    return [canonical(value) for value in column.to_pylist()]


def as_pairs(entries: list) -> list:
    return [list(entry) for entry in entries]


def nested(column, values: list, shaped) -> list:
    """`values` are those of the whole array that the column is a part of; the offsets say which are whose."""
    offsets = column.offsets.to_pylist()
    spans = zip(offsets, offsets[1:])
    return [shaped(values[start:end]) if valid.as_py() else None for (start, end), valid in zip(spans, column.is_valid())]


def canonical(value):
    match value:
        case None | bool() | str():
            return value
        case int():
            return str(value)
        case float():
            if math.isnan(value):
                return "NaN"
            return ("-Infinity" if value < 0 else "Infinity") if math.isinf(value) else value
        case decimal.Decimal():
            return format(value, "f")
        case uuid.UUID():
            return str(value)
        case bytes():
            return value.hex()
    raise TypeError(f"no canonical form of {type(value)}")
