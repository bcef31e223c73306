"""What a kind of table is: its steps, and the scans that everybody has to agree on."""

import dataclasses
from collections.abc import Callable

Step = str | Callable[["SparkTable"], None]


@dataclasses.dataclass(frozen=True)
class Kind:
    """
    In `steps`, SQL holds {t} for the table, {create} for the start of its creation, {folder} for the work folder.
    `filters` are conditions that Spark and DuckDB both understand.
    """

    name: str
    steps: list[Step]
    filters: list[str] = dataclasses.field(default_factory=list)
    #: Names of branches and tags to read.
    refs: list[str] = dataclasses.field(default_factory=list)
    #: Also read every snapshot.
    history: bool = False
    #: The code of the error with which such a table is refused.
    refused: str | None = None
    #: What to read of it, and the same in DuckDB's words where they differ.
    select: str = "*"
    duckdb_select: str | None = None
    #: The rows in canonical form, of a table that Spark itself can't read.
    expected: list | None = None
    catalog: str = "lake"
    #: Prefixes of locations in the table and where they lie now.
    moved: Callable[["SparkTable"], dict[str, str]] | None = None


class SparkTable:
    """A table of a kind in the making."""

    def __init__(self, session, work, kind: Kind):
        self.session = session
        self.kind = kind
        self.work = work
        self.name = f"{kind.catalog}.theirs.{kind.name}"
        self.folder = f"{work}/warehouse/{'spark' if kind.catalog == 'lake' else 'hadoop'}/theirs/{kind.name}"

    def sql(self, text: str):
        create = f"CREATE TABLE {self.name}"
        words = {"t": self.name, "create": create, "folder": self.folder, "located": f"LOCATION 'file://{self.folder}'"}
        for word, value in words.items():
            text = text.replace("{" + word + "}", value)
        return self.session.sql(text)

    @property
    def jvm(self):
        return self.session._jvm

    def java(self):
        """The table as Iceberg's Java library has it."""
        return self.jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(self.session._jsparkSession, self.name)

    def snapshot_ids(self) -> list[int]:
        rows = self.session.sql(f"SELECT snapshot_id FROM {self.name}.snapshots ORDER BY committed_at").collect()
        return [row.snapshot_id for row in rows]
