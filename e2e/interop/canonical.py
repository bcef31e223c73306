"""Rows of an Arrow table in one textual form, the same as canonical.ts gives for DuckDB's values."""

import datetime
import decimal
import math
import uuid

import pyarrow as pa


def canonical_rows(table: pa.Table) -> list[list]:
    columns = [canonical_column(column) for column in table.itercolumns()]
    return [list(row) for row in zip(*columns)] if columns else []


def canonical_column(column: pa.ChunkedArray) -> list:
    kind = column.type
    if pa.types.is_timestamp(kind):
        # As integers, because Python's datetime knows neither nanoseconds nor the years DuckDB does.
        return [None if value is None else str(value) for value in column.cast(pa.int64()).to_pylist()]
    return [canonical(value) for value in column.to_pylist()]


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
        case datetime.date():
            return str((value - datetime.date(1970, 1, 1)).days)
        case datetime.time():
            return str(((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond)
        case uuid.UUID():
            return str(value)
        case bytes():
            return value.hex()
        case dict():
            return {name: canonical(item) for name, item in value.items()}
        case list():
            # A map arrives as a list of pairs.
            return [[canonical(x) for x in item] if isinstance(item, tuple) else canonical(item) for item in value]
    raise TypeError(f"no canonical form of {type(value)}")
