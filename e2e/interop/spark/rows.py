"""Rows of many types, as Spark SQL makes them."""

#: Columns of `wide`.
WIDE = (
    "id BIGINT, flag BOOLEAN, i INT, f FLOAT, d DOUBLE, amount DECIMAL(20,3), big DECIMAL(38,10), day DATE, "
    "ts TIMESTAMP_NTZ, tz TIMESTAMP, name STRING, bin BINARY, st STRUCT<x: DOUBLE, y: STRING>, li ARRAY<STRING>, "
    "ma MAP<STRING, DOUBLE>, deep STRUCT<a: ARRAY<STRUCT<p: INT, q: MAP<STRING, ARRAY<INT>>>>>"
)


def wide(start: int, end: int, nulls: bool = False) -> str:
    """A query for one row for each id from `start` to below `end`; with `nulls`, every third has only its id."""
    columns = {
        "flag": "id % 2 = 0",
        "i": "CAST(id - 5 AS INT)",
        "f": "CASE WHEN id % 7 = 0 THEN CAST('NaN' AS FLOAT) ELSE CAST(id / 4 AS FLOAT) END",
        "d": "CASE WHEN id % 11 = 0 THEN CAST('Infinity' AS DOUBLE) ELSE id * 1.5D END",
        "amount": "CAST((id * 1001 - 2000) / 1000 AS DECIMAL(20,3))",
        "big": "CAST(id AS DECIMAL(38,10)) * -12345678901234567.0123456789BD",
        "day": "date_add(DATE '1969-12-25', CAST(id AS INT))",
        "ts": "TIMESTAMP_NTZ '1969-12-31 20:00:00' + make_interval(0, 0, 0, 0, CAST(id AS INT)) + id * INTERVAL '0.000001' SECOND",
        "tz": "TIMESTAMP '1969-12-31 20:00:00+00:00' + id * INTERVAL '1' HOUR + id * INTERVAL '0.000001' SECOND",
        "name": "concat(element_at(array('Ada ', 'ü', '😀 a long name that is cut ', 'z'), CAST(id % 4 + 1 AS INT)), CAST(id AS STRING))",
        "bin": "unhex(concat(lpad(hex(id % 256), 2, '0'), 'FF00'))",
        "st": "named_struct('x', id / 2D, 'y', concat('y', id))",
        "li": "CASE id % 4 WHEN 0 THEN array() WHEN 1 THEN array('a', NULL, '😀') ELSE array(CAST(id AS STRING)) END",
        "ma": "CASE id % 3 WHEN 0 THEN map() ELSE map('k', id * 1D, 'l', CAST(NULL AS DOUBLE)) END",
        "deep": "named_struct('a', array(named_struct('p', CAST(id AS INT), 'q', map('m', array(1, CAST(id AS INT))))))",
    }
    types = dict(column.split(" ", 1) for column in split_columns(WIDE))
    cells = [f"CAST({value if not nulls else f'CASE WHEN id % 3 = 0 THEN NULL ELSE {value} END'} AS {types[name]}) AS {name}" for name, value in columns.items()]
    return f"SELECT id, {', '.join(cells)} FROM range({start}, {end}, 1, 1)"


def split_columns(text: str) -> list[str]:
    """At the commas that are in no angle bracket or parenthesis."""
    parts, depth = [""], 0
    for character in text:
        depth += (character in "<(") - (character in ">)")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def insert(query: str) -> str:
    return "INSERT INTO {t} " + query


#: Conditions on `wide` that Spark and DuckDB both understand.
FILTERS = [
    "id = 7",
    "id > 25",
    "i <= -4",
    "flag IS NULL",
    "flag AND id < 9",
    "amount < 0.500",
    "big < -100000000000000000",
    "day >= DATE '1970-01-10'",
    "ts < TIMESTAMP_NTZ '1970-01-01 00:00:00'",
    "tz >= TIMESTAMP '1970-01-02 00:00:00+00:00'",
    "name LIKE 'Ad%'",
    "name = 'ü5'",
    "d < 3.0",
    "flag IS NOT NULL AND id IN (1, 40)",
    "NOT (id BETWEEN 3 AND 30)",
    "st.x > 4",
]
