"""PyIceberg as it is and without keys of the object store: sign_pyiceberg.py URL TOKEN"""

import json
import sys

import pyarrow as pa
from pyiceberg.catalog import load_catalog
from pyiceberg.exceptions import SignError

url, token = sys.argv[1:]
SIGNING = {"header.X-Iceberg-Access-Delegation": "remote-signing"}
COLUMNS = pa.schema([("id", pa.int64()), ("name", pa.string())])


def connect(**properties):
    credential = f"signed:{token}"
    return load_catalog("signed", type="rest", uri=f"{url}/iceberg", credential=credential, **SIGNING, **properties)


def rows_of(*ids):
    return pa.table({"id": list(ids), "name": [f"n{number}" for number in ids]}, schema=COLUMNS)


def ids(table):
    return sorted(table.scan().to_arrow()["id"].to_pylist())


catalog = connect()
catalog.create_namespace("signed")
table = catalog.create_table("signed.events", schema=COLUMNS)
table.append(rows_of(1, 2, 3))
table.append(rows_of(4))
table.delete("id = 2")
with catalog.create_table_transaction("signed.staged", schema=COLUMNS) as transaction:
    transaction.append(rows_of(7))
# More than one part of an upload, which s3fs begins at 50 MiB.
with table.io.new_output(table.location() + "/data/large.bin").create() as stream:
    for _ in range(12):
        stream.write(bytes(5 * 2**20))
other = catalog.load_table("signed.staged")
refused = []
for target in (other.location() + "/data/x.parquet", table.location() + "/../x", "s3://elsewhere/x"):
    try:
        with table.io.new_output(target).create() as stream:
            stream.write(b"x")
        refused.append(f"{target} was written")
    except SignError:
        refused.append(True)
try:
    table.io.delete(table.location() + "/data/large.bin")
    refused.append("a file was deleted")
except Exception as error:
    refused.append(type(error).__name__ in ("SignError", "PermissionError") or f"{type(error).__name__}: {error}")
print(
    json.dumps(
        {
            "io": type(table.io).__name__,
            "events": ids(catalog.load_table("signed.events")),
            "staged": ids(other),
            "refused": refused,
        }
    )
)
