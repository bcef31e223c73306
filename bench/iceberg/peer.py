"""PyIceberg as a peer: one JSON request a line on stdin, one answer a line on stdout; times in milliseconds."""

import json
import sys
import time

import pyarrow as pa
from pyiceberg import manifest
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.expressions import And, GreaterThanOrEqual, LessThan
from pyiceberg.table import StaticTable

tables = {}


def forget() -> None:
    """PyIceberg keeps manifest lists, by their location."""
    for name in ("_manifests", "_manifest_cache"):
        cached = getattr(manifest, name, None)
        if hasattr(cached, "cache_clear"):
            cached.cache_clear()
        elif hasattr(cached, "clear"):
            cached.clear()


def plan(metadata: str, column: str, start, end, cold: bool) -> dict:
    if cold or metadata not in tables:
        forget()
        tables[metadata] = StaticTable.from_metadata(metadata)
    row_filter = And(GreaterThanOrEqual(column, start), LessThan(column, end))
    started = time.perf_counter()
    files = list(tables[metadata].scan(row_filter=row_filter).plan_files())
    return {"ms": (time.perf_counter() - started) * 1000, "files": len(files)}


def open_table(folder: str, rows: int) -> dict:
    """An empty table in an SQL catalog, and rows to append."""
    catalog = SqlCatalog("bench", uri=f"sqlite:///{folder}/catalog.db", warehouse=f"file://{folder}")
    catalog.create_namespace("bench")
    data = pa.table(
        {
            "id": pa.array(range(rows), pa.int64()),
            "name": [f"name {i}" for i in range(rows)],
            "amount": pa.array([i / 7 for i in range(rows)], pa.float64()),
        }
    )
    tables["append"] = (catalog.create_table("bench.rows", schema=data.schema), data)
    return {}


def append() -> dict:
    table, data = tables["append"]
    started = time.perf_counter()
    table.append(data)
    return {"ms": (time.perf_counter() - started) * 1000}


def memory() -> dict:
    """Bytes: the most that this process has had. Not of getrusage, which begins with what the parent had."""
    with open("/proc/self/status") as status:
        peak = next(line for line in status if line.startswith("VmHWM:"))
    return {"peak": int(peak.split()[1]) * 1024}


ACTIONS = {"plan": plan, "openTable": open_table, "append": append, "memory": memory}

for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps(ACTIONS[request.pop("action")](**request)), flush=True)
