"""Reads Iceberg tables with DuckDB's iceberg extension: duckdb_read.py REQUEST.json ANSWER.json

The extensions come in Python packages of the same version as DuckDB's, so none is downloaded when this runs.
"""

import importlib.util
import json
import pathlib
import sys
import traceback

import duckdb
from canonical import canonical_rows


def extension(name: str) -> str:
    package = pathlib.Path(importlib.util.find_spec(f"duckdb_extension_{name}").origin).parent
    return str(next(package.glob(f"extensions/v{duckdb.__version__}/{name}.duckdb_extension")))


def answer(request: dict) -> dict:
    # A connection for each table: an internal error makes an instance useless for the next.
    connection = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
    try:
        connection.execute("SET TimeZone = 'UTC'")
        for name in ("avro", "iceberg"):
            connection.execute(f"LOAD '{extension(name)}'")
        location = request["metadataLocation"].removeprefix("file://")
        read = f"SELECT * FROM iceberg_scan('{location}'"
        history = [f"{read}, snapshot_from_id = {snapshot}::UBIGINT)" for snapshot in request["snapshotIds"]]
        return {"rows": rows(connection, f"{read})"), "history": [rows(connection, query) for query in history]}
    except Exception:
        return {"error": traceback.format_exc()}
    finally:
        connection.close()


def rows(connection, query: str) -> list[list]:
    return canonical_rows(connection.execute(query).to_arrow_table())


with open(sys.argv[1], encoding="utf-8") as source:
    requests = json.load(source)
with open(sys.argv[2], "w", encoding="utf-8") as target:
    json.dump([answer(request) for request in requests], target)
