"""The canonical rows of files of Arrow streams or Parquet: canonical_files.py PATHS.json ANSWER.json"""

import json
import sys

import pyarrow as pa
import pyarrow.parquet as pq
from canonical import canonical_rows


def rows(path: str) -> list[list]:
    if path.endswith(".parquet"):
        return canonical_rows(pq.read_table(path))
    with pa.memory_map(path) as source:
        return canonical_rows(pa.ipc.open_stream(source).read_all())


with open(sys.argv[1], encoding="utf-8") as source:
    paths = json.load(source)
with open(sys.argv[2], "w", encoding="utf-8") as target:
    json.dump({path: rows(path) for path in paths}, target)
