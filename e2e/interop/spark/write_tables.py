"""Writes every kind of table with Spark, and says what Spark reads from each."""

import datetime
import pathlib
import sys
import traceback

from canonical import canonical_rows

from . import kinds_deletes, kinds_history, kinds_layout, kinds_schema
from .table import Kind, SparkTable

ALL_KINDS = [*kinds_layout.KINDS, *kinds_deletes.KINDS, *kinds_schema.KINDS, *kinds_history.KINDS]


def write_all(session, work: pathlib.Path, only: str | None = None) -> list[dict]:
    for catalog in ("lake", "hadoop"):
        session.sql(f"CREATE NAMESPACE IF NOT EXISTS {catalog}.theirs")
    return [write(session, work, kind) for kind in ALL_KINDS if only is None or only in kind.name]


def write(session, work: pathlib.Path, kind: Kind) -> dict:
    """The table's description, or `error`: what Spark could not do is a failed check, not a missing one."""
    started = datetime.datetime.now()
    try:
        return described(SparkTable(session, work, kind))
    except Exception:
        return {"name": kind.name, "error": traceback.format_exc()}
    finally:
        seconds = (datetime.datetime.now() - started).total_seconds()
        print(f"spark: {kind.name} {seconds:.1f} s", file=sys.stderr, flush=True)


def described(made: SparkTable) -> dict:
    kind = made.kind
    scans, location = [], None
    for step in kind.steps:
        if kind.moved is not None and step is kind.steps[-1]:
            # Afterwards nobody finds the table where its metadata say that it is.
            scans, location = all_scans(made), made.java().operations().current().metadataFileLocation()
        made.sql(step) if isinstance(step, str) else step(made)
    if location is None:
        location = made.java().operations().current().metadataFileLocation()
        scans = all_scans(made)
    moved = {} if kind.moved is None else kind.moved(made)
    for old, new in moved.items():
        location = location.replace(old, new)
    return {"name": kind.name, "metadataLocation": location, "refused": kind.refused, "moved": moved, "scans": scans}


def all_scans(made: SparkTable) -> list[dict]:
    kind = made.kind
    if kind.expected is not None:
        return [scanned(kind, kind.expected)]
    scans = current_scans(made) if kind.select == "*" else [scan(made), *(scan(made, condition) for condition in kind.filters)]
    scans += [scan(made, ref=ref) for ref in kind.refs]
    if kind.history:
        scans += [scan(made, snapshot_id=snapshot) for snapshot in made.snapshot_ids()]
    return scans


def current_scans(made: SparkTable) -> list[dict]:
    """All rows, and those of each filter, from one query that says of each row which filters it passes."""
    filters = made.kind.filters
    marks = [f", coalesce({condition}, false) AS __passes_{position}" for position, condition in enumerate(filters)]
    table = made.session.sql(f"SELECT *{''.join(marks)} FROM {made.name}").toArrow()
    width = table.num_columns - len(filters)
    rows = canonical_rows(table)
    scans = [scanned(made.kind, [row[:width] for row in rows])]
    for position, condition in enumerate(filters):
        scans.append(scanned(made.kind, [row[:width] for row in rows if row[width + position]], filter=condition))
    return scans


def scan(made: SparkTable, filter: str | None = None, ref: str | None = None, snapshot_id: int | None = None) -> dict:
    version = f"'{ref}'" if ref is not None else snapshot_id
    at = "" if version is None else f" VERSION AS OF {version}"
    where = "" if filter is None else f" WHERE {filter}"
    found = made.session.sql(f"SELECT {made.kind.select} FROM {made.name}{at}{where}").toArrow()
    return scanned(made.kind, canonical_rows(found), filter, ref, snapshot_id)


def scanned(kind: Kind, rows: list, filter: str | None = None, ref: str | None = None, snapshot_id: int | None = None) -> dict:
    return {
        "filter": None if filter is None else duckdb_condition(filter),
        "ref": ref,
        "snapshotId": None if snapshot_id is None else str(snapshot_id),
        "select": kind.duckdb_select or kind.select,
        "rows": rows,
    }


def duckdb_condition(condition: str) -> str:
    """Spark's TIMESTAMP has a time zone, and its TIMESTAMP_NTZ has none."""
    return condition.replace("TIMESTAMP '", "TIMESTAMPTZ '").replace("TIMESTAMP_NTZ '", "TIMESTAMP '")
