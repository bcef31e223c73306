"""Says what PyIceberg reads from the manifests of a table's current snapshot: expect_golden.py FOLDER

FOLDER holds the table's metadata JSON and, by name alone, the manifest list and manifests it is made of; the
answer goes to FOLDER/expected.json. The golden files of server/iceberg/testdata are made with it.
"""

import json
import pathlib
import sys

from pyiceberg.io.pyarrow import PyArrowFileIO
from pyiceberg.manifest import read_manifest_list
from pyiceberg.serializers import FromInputFile

from canonical import canonical

folder = pathlib.Path(sys.argv[1]).resolve()
io = PyArrowFileIO()


def local(path: str):
    return str(folder / path.rsplit("/", 1)[-1])


def hexed(values: dict | None):
    return None if values is None else {str(key): value.hex() for key, value in values.items()}


def counted(values: dict | None):
    return None if values is None else {str(key): str(value) for key, value in values.items()}


def partition_value(value):
    return value.hex() if isinstance(value, bytes) else canonical(value)


def entry(found) -> dict:
    file = found.data_file
    return {
        "status": ["existing", "added", "deleted"][int(found.status)],
        "snapshotId": str(found.snapshot_id),
        "sequenceNumber": str(found.sequence_number),
        "fileSequenceNumber": str(found.file_sequence_number),
        "content": ["data", "position-deletes", "equality-deletes"][int(file.content)],
        "filePath": file.file_path,
        "fileFormat": file.file_format.value,
        "partition": [partition_value(file.partition[i]) for i in range(len(file.partition))],
        "recordCount": str(file.record_count),
        "fileSizeInBytes": str(file.file_size_in_bytes),
        "columnSizes": counted(file.column_sizes),
        "valueCounts": counted(file.value_counts),
        "nullValueCounts": counted(file.null_value_counts),
        "nanValueCounts": counted(file.nan_value_counts),
        "lowerBounds": hexed(file.lower_bounds),
        "upperBounds": hexed(file.upper_bounds),
        "splitOffsets": None if file.split_offsets is None else [str(offset) for offset in file.split_offsets],
        "equalityIds": file.equality_ids,
        "sortOrderId": file.sort_order_id,
    }


def manifest(found) -> dict:
    return {
        "manifestPath": found.manifest_path,
        "manifestLength": str(found.manifest_length),
        "partitionSpecId": found.partition_spec_id,
        "content": ["data", "deletes"][int(found.content)],
        "sequenceNumber": str(found.sequence_number),
        "minSequenceNumber": str(found.min_sequence_number),
        "addedSnapshotId": str(found.added_snapshot_id),
        "addedFilesCount": found.added_files_count,
        "existingFilesCount": found.existing_files_count,
        "deletedFilesCount": found.deleted_files_count,
        "partitions": [
            {
                "containsNull": summary.contains_null,
                "containsNan": summary.contains_nan,
                "lowerBound": None if summary.lower_bound is None else summary.lower_bound.hex(),
                "upperBound": None if summary.upper_bound is None else summary.upper_bound.hex(),
            }
            for summary in found.partitions or []
        ],
        "entries": [entry(item) for item in with_local_path(found).fetch_manifest_entry(io, discard_deleted=False)],
    }


def with_local_path(found):
    found._data[0] = local(found.manifest_path)
    return found


metadata = FromInputFile.table_metadata(io.new_input(str(next(folder.glob("*.metadata.json")))))
snapshot = metadata.snapshot_by_id(metadata.current_snapshot_id)
manifests = [manifest(found) for found in read_manifest_list(io.new_input(local(snapshot.manifest_list)))]
(folder / "expected.json").write_text(json.dumps(manifests, indent=1) + "\n")
