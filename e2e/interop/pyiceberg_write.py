"""Writes Iceberg tables with PyIceberg, and what it reads from them: pyiceberg_write.py REQUEST.json ANSWER.json

A scan's filter is given twice: as PyIceberg (and SQL) text, and as a tree of [op, column, values as text].
"""

import datetime
import decimal
import json
import math
import sys

import pyarrow as pa
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.transforms import (
    BucketTransform,
    DayTransform,
    HourTransform,
    IdentityTransform,
    MonthTransform,
    TruncateTransform,
    YearTransform,
)
from pyiceberg.types import (
    BinaryType,
    BooleanType,
    DateType,
    DecimalType,
    DoubleType,
    FloatType,
    IntegerType,
    LongType,
    NestedField,
    StringType,
    TimestampType,
    TimestamptzType,
    TimeType,
)

from canonical import canonical_rows

with open(sys.argv[1], encoding="utf-8") as request:
    folder = json.load(request)["warehouse"]
target = sys.argv[2]
catalog = SqlCatalog("interop", uri=f"sqlite:///{folder}/catalog.db", warehouse=f"file://{folder}")
catalog.create_namespace("theirs")
answers = []

UTC = datetime.timezone.utc
COLUMNS = Schema(
    NestedField(1, "id", LongType(), required=False),
    NestedField(2, "flag", BooleanType(), required=False),
    NestedField(3, "i", IntegerType(), required=False),
    NestedField(4, "f", FloatType(), required=False),
    NestedField(5, "d", DoubleType(), required=False),
    NestedField(6, "amount", DecimalType(20, 3), required=False),
    NestedField(7, "day", DateType(), required=False),
    NestedField(8, "tm", TimeType(), required=False),
    NestedField(9, "ts", TimestampType(), required=False),
    NestedField(10, "tz", TimestamptzType(), required=False),
    NestedField(11, "name", StringType(), required=False),
    NestedField(12, "bin", BinaryType(), required=False),
)


def rows(start: int, count: int, nulls: bool = False) -> pa.Table:
    def row(n: int) -> dict:
        if nulls and n % 3 == 0:
            return {"id": n}
        moment = datetime.datetime(1969, 12, 31, 20) + datetime.timedelta(hours=n, microseconds=n)
        return {
            "id": n,
            "flag": n % 2 == 0,
            "i": n - 5,
            "f": math.nan if n % 7 == 0 else n / 4,
            "d": math.inf if n % 11 == 0 else n * 1.1,
            "amount": decimal.Decimal(n * 1001 - 2000) / 1000,
            "day": datetime.date(1969, 12, 25) + datetime.timedelta(days=n),
            "tm": datetime.time(n % 24, n % 60, 1, n),
            "ts": moment,
            "tz": moment.replace(tzinfo=UTC),
            "name": ["Ada ", "ü", "😀 a long name that is cut ", "z"][n % 4] + str(n),
            "bin": bytes([n % 256, 255, 0]),
        }

    from pyiceberg.io.pyarrow import schema_to_pyarrow

    return pa.Table.from_pylist([row(n) for n in range(start, start + count)], schema=schema_to_pyarrow(COLUMNS, include_field_ids=False))


def record(name: str, table, filters: list) -> None:
    table.refresh()
    scans = []
    for snapshot in table.metadata.snapshots:
        scans.append(scanned(table, None, None, snapshot.snapshot_id))
    for theirs, ours in filters:
        scans.append(scanned(table, theirs, ours, None))
    answers.append({"name": name, "metadataLocation": table.metadata_location, "scans": scans})


def scanned(table, theirs, ours, snapshot_id) -> dict:
    scan = table.scan(row_filter=theirs or "True", **({} if snapshot_id is None else {"snapshot_id": snapshot_id}))
    return {
        "filter": theirs,
        "tree": ours,
        "ref": None,
        "select": "*",
        "snapshotId": None if snapshot_id is None else str(snapshot_id),
        "files": sorted(task.file.file_path for task in scan.plan_files()),
        "rows": canonical_rows(scan.to_arrow()),
    }


FILTERS = [
    ("id = 7", ["eq", "id", "7"]),
    ("id > 25", ["gt", "id", "25"]),
    ("i <= -4", ["lt-eq", "i", "-4"]),
    ("amount < 0.500", ["lt", "amount", "0.500"]),
    ("day >= '1970-01-10'", ["gt-eq", "day", "1970-01-10"]),
    ("ts < '1970-01-01T00:00:00'", ["lt", "ts", "1970-01-01 00:00:00"]),
    ("tz >= '1970-01-02T00:00:00+00:00'", ["gt-eq", "tz", "1970-01-02 00:00:00+00"]),
    ("name like 'Ad%'", ["starts-with", "name", "Ad"]),
    ("name = 'ü5'", ["eq", "name", "ü5"]),
    ("flag is null", ["is-null", "flag"]),
    ("d < 3.0", ["lt", "d", "3.0"]),
    ("flag is not null and id in (1, 40)", ["and", ["not-null", "flag"], ["in", "id", "1", "40"]]),
]

table = catalog.create_table("theirs.plain", COLUMNS)
for start in (0, 10, 20, 30):
    table.append(rows(start, 10, nulls=start == 20))
record("plain, v2", table, FILTERS)

table = catalog.create_table("theirs.plain_v1", COLUMNS, properties={"format-version": "1"})
for start in (0, 10, 20):
    table.append(rows(start, 10, nulls=start == 20))
record("plain, v1", table, FILTERS)


def partitioned(name: str, *fields) -> None:
    spec = PartitionSpec(*(PartitionField(source, 1000 + n, transform, label) for n, (source, transform, label) in enumerate(fields)))
    table = catalog.create_table(f"theirs.{name}", COLUMNS, partition_spec=spec)
    table.append(rows(0, 20))
    table.append(rows(20, 15, nulls=True))
    record(f"partitioned: {name}", table, FILTERS)


partitioned("identities", (2, IdentityTransform(), "flag"), (3, IdentityTransform(), "i"))
partitioned("decimal_identity", (6, IdentityTransform(), "amount"))
partitioned("binary_and_time", (12, IdentityTransform(), "bin"), (8, IdentityTransform(), "tm"))
partitioned("days", (9, DayTransform(), "ts_day"), (10, HourTransform(), "tz_hour"))
partitioned("months_years", (7, MonthTransform(), "day_month"), (9, YearTransform(), "ts_year"))
partitioned("buckets", (1, BucketTransform(4), "id_bucket"), (11, BucketTransform(3), "name_bucket"))
partitioned("truncated", (11, TruncateTransform(2), "name_trunc"), (3, TruncateTransform(5), "i_trunc"))

table = catalog.create_table("theirs.odd_names", Schema(NestedField(1, "Ünï code", StringType(), required=False), NestedField(2, "1st.col", LongType(), required=False)))
with table.update_spec() as update:
    update.add_identity("Ünï code")
table.append(pa.table({"Ünï code": ["a", "ß", None], "1st.col": [1, 2, 3]}))
record("odd names", table, [])

table = catalog.create_table("theirs.rewritten", COLUMNS)
table.append(rows(0, 20))
table.append(rows(20, 20, nulls=True))
table.delete("id >= 15 and id < 25")
table.overwrite(rows(100, 5), overwrite_filter="id < 3")
record("copy-on-write deletes and overwrites", table, FILTERS)

table = catalog.create_table("theirs.evolved", COLUMNS)
table.append(rows(0, 10))
with table.update_schema() as update:
    update.rename_column("name", "title")
    update.add_column("extra", StringType())
    update.delete_column("bin")
    update.update_column("i", LongType())
    update.update_column("f", DoubleType())
with table.update_spec() as update:
    update.add_field("id", BucketTransform(2), "id_bucket")
table = catalog.load_table("theirs.evolved")
table.append(pa.table({"id": pa.array([50, 51], pa.int64()), "i": pa.array([2**40, 1], pa.int64()), "extra": ["new", None], "title": [None, "t"]}))
record(
    "evolved: renamed, added, dropped, widened, repartitioned",
    table,
    [
        ("i > 100", ["gt", "i", "100"]),
        ("i < -3", ["lt", "i", "-3"]),
        ("title = 't'", ["eq", "title", "t"]),
        ("extra is null", ["is-null", "extra"]),
        ("extra = 'new'", ["eq", "extra", "new"]),
        ("id = 50", ["eq", "id", "50"]),
        ("f < 1.0", ["lt", "f", "1.0"]),
    ],
)

with open(target, "w", encoding="utf-8") as out:
    json.dump(answers, out)
