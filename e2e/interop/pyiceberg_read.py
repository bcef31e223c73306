"""Reads Iceberg tables with PyIceberg and says what it sees: pyiceberg_read.py REQUEST.json ANSWER.json"""

import json
import sys
import traceback

from pyiceberg.conversions import from_bytes
from pyiceberg.manifest import DataFileContent
from pyiceberg.schema import index_by_id
from pyiceberg.table import StaticTable

from canonical import canonical, canonical_rows


def describe(table: StaticTable) -> dict:
    return {
        "schema": [
            {"id": f.field_id, "name": f.name, "type": str(f.field_type), "required": f.required}
            for f in table.schema().fields
        ],
        "snapshots": [
            {
                "id": str(s.snapshot_id),
                "parent": None if s.parent_snapshot_id is None else str(s.parent_snapshot_id),
                "sequenceNumber": str(s.sequence_number),
                "operation": s.summary.operation.value,
                "summary": dict(s.summary.additional_properties),
            }
            for s in table.metadata.snapshots
        ],
        "current": None if table.metadata.current_snapshot_id is None else str(table.metadata.current_snapshot_id),
        "files": [describe_file(table, file) for file in data_files(table)],
    }


def data_files(table: StaticTable) -> list:
    snapshot = table.current_snapshot()
    manifests = [] if snapshot is None else snapshot.manifests(table.io)
    entries = [entry for manifest in manifests for entry in manifest.fetch_manifest_entry(table.io)]
    return [entry.data_file for entry in entries if entry.data_file.content == DataFileContent.DATA]


def describe_file(table: StaticTable, file) -> dict:
    """Metrics as manifests hold them, bounds decoded by PyIceberg."""
    known = index_by_id(table.schema())

    def bounds(values: dict[int, bytes] | None) -> dict:
        # Of a column that was dropped since, nobody can say what the bytes mean.
        return {
            str(id): canonical_bound(from_bytes(known[id].field_type, value)) if id in known else None
            for id, value in (values or {}).items()
        }

    def counts(values: dict[int, int] | None) -> dict:
        return {str(id): str(value) for id, value in (values or {}).items()}

    return {
        "path": file.file_path,
        "records": str(file.record_count),
        "size": str(file.file_size_in_bytes),
        "columnSizes": counts(file.column_sizes),
        "values": counts(file.value_counts),
        "nulls": counts(file.null_value_counts),
        "nans": counts(file.nan_value_counts),
        "lower": bounds(file.lower_bounds),
        "upper": bounds(file.upper_bounds),
    }


def canonical_bound(value):
    # PyIceberg gives a UUID's bound as its bytes.
    return value.hex() if isinstance(value, bytes) else canonical(value)


def scanned(table: StaticTable, **options) -> list[list]:
    return canonical_rows(table.scan(**options).to_arrow())


def planned(table: StaticTable, condition: str) -> list[str]:
    return sorted(task.file.file_path for task in table.scan(row_filter=condition).plan_files())


def answer(request: dict) -> dict:
    try:
        table = StaticTable.from_metadata(request["metadataLocation"])
        return {
            "table": describe(table),
            "rows": scanned(table),
            "history": [scanned(table, snapshot_id=int(snapshot)) for snapshot in request["snapshotIds"]],
            "plans": [planned(table, condition) for condition in request["filters"]],
        }
    except Exception:  # the caller counts it as a failure, with what was wrong
        return {"error": traceback.format_exc()}


with open(sys.argv[1], encoding="utf-8") as source:
    requests = json.load(source)
with open(sys.argv[2], "w", encoding="utf-8") as target:
    json.dump([answer(request) for request in requests], target)
