"""What Spark and Iceberg's Java library make of tables that they did not write."""

import traceback

import pyarrow as pa
from canonical import canonical, canonical_rows

from .java_values import canonical_value

NAMESPACE = "lake.ours"

#: Metadata tables; reading each of them is a check of what its files hold.
METADATA_TABLES = ["history", "snapshots", "files", "entries", "manifests", "partitions", "all_data_files", "all_manifests", "refs", "metadata_log_entries"]


def read_all(session, requests: list[dict]) -> list[dict]:
    session.sql(f"CREATE NAMESPACE IF NOT EXISTS {NAMESPACE}")
    return [read(session, f"{NAMESPACE}.t{position}", request) for position, request in enumerate(requests)]


def read(session, name: str, request: dict) -> dict:
    try:
        session.sql(f"CALL lake.system.register_table('{name}', '{request['metadataLocation']}')")
        reader = java_rows if request["byJava"] else spark_rows
        answer = {
            "rows": reader(session, name, None),
            "history": [reader(session, name, int(snapshot)) for snapshot in request["snapshotIds"]],
        }
        if not request["byJava"]:
            answer |= {"metadata": {table: count(session, f"{name}.{table}") for table in METADATA_TABLES}, "lineage": lineage(session, name, request)}
            answer["changed"] = changed(session, name, request["changes"]) if request["changes"] else None
        return answer
    except Exception:
        return {"error": traceback.format_exc()}


def spark_rows(session, name: str, snapshot: int | None) -> list:
    at = "" if snapshot is None else f" VERSION AS OF {snapshot}"
    return canonical_rows(session.sql(f"SELECT * FROM {name}{at}").toArrow())


def java_rows(session, name: str, snapshot: int | None) -> list:
    """For columns of types that Spark has not, such as TIME."""
    table = session._jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(session._jsparkSession, name)
    scan = session._jvm.org.apache.iceberg.data.IcebergGenerics.read(table)
    records = (scan if snapshot is None else scan.useSnapshot(snapshot)).build()
    rows, found = [], records.iterator()
    while found.hasNext():
        record = found.next()
        rows.append([canonical_value(record.get(position), field.type()) for position, field in enumerate(record.struct().fields())])
    records.close()
    return rows


def count(session, name: str) -> int:
    # All columns, so that every value is decoded.
    return session.sql(f"SELECT * FROM {name}").toArrow().num_rows


def lineage(session, name: str, request: dict) -> list | None:
    """Of a table that has row ids: each row's id, and the sequence number of the snapshot that last changed it."""
    if request["formatVersion"] < 3:
        return None
    return canonical_rows(session.sql(f"SELECT _row_id, _last_updated_sequence_number FROM {name}").toArrow())


def changed(session, name: str, steps: list[str]) -> dict:
    """Has Spark go on from what we wrote, so that we can read what it made of it."""
    for step in steps:
        session.sql(step.replace("{t}", name))
    table = session._jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(session._jsparkSession, name)
    return {"metadataLocation": table.operations().current().metadataFileLocation(), "rows": spark_rows(session, name, None)}
