"""Tables with branches, tags, and histories that are no straight line."""

import pathlib
import shutil

from .rows import FILTERS, WIDE, insert, wide
from .table import Kind, SparkTable

CREATE = f"{{create}} ({WIDE}) USING iceberg {{located}} TBLPROPERTIES ('format-version'='2', 'write.delete.mode'='merge-on-read')"


def rolled_back(made: SparkTable) -> None:
    made.sql(f"CALL lake.system.rollback_to_snapshot('{made.name}', {made.snapshot_ids()[0]})")


def cherry_picked(made: SparkTable) -> None:
    """A staged write, published by its id. Another came first, so it is picked and not fast-forwarded."""
    made.sql("ALTER TABLE {t} SET TBLPROPERTIES ('write.wap.enabled'='true')")
    made.session.conf.set("spark.wap.id", "staged")
    made.sql(insert(wide(20, 25)))
    made.session.conf.unset("spark.wap.id")
    staged = made.snapshot_ids()[-1]
    made.sql(insert(wide(30, 35)))
    made.sql(f"CALL lake.system.cherrypick_snapshot('{made.name}', {staged})")


def move_away(made: SparkTable) -> None:
    """What a copy to another place does: metadata, manifests and delete files still name the old one."""
    shutil.move(made.folder, moved_to(made))


def moved_to(made: SparkTable) -> pathlib.Path:
    return pathlib.Path(made.folder).with_name(f"{made.kind.name}-now")


KINDS = [
    Kind("branches_and_tags", [
        CREATE, insert(wide(0, 5)),
        "ALTER TABLE {t} CREATE TAG first",
        "ALTER TABLE {t} CREATE BRANCH audit",
        insert(wide(5, 10)),
        "INSERT INTO {t}.branch_audit " + wide(100, 103),
        "DELETE FROM {t}.branch_audit WHERE id IN (1, 101)",
        "ALTER TABLE {t} ADD COLUMN extra INT",
        "ALTER TABLE {t} CREATE BRANCH `odd/näme`",
    ], FILTERS[:2], refs=["main", "audit", "first", "odd/näme"], history=True),
    Kind("branch_fast_forwarded", [
        CREATE, insert(wide(0, 5)), "ALTER TABLE {t} CREATE BRANCH next", "INSERT INTO {t}.branch_next " + wide(5, 8),
        "CALL lake.system.fast_forward('{t}', 'main', 'next')",
    ], refs=["main", "next"], history=True),
    Kind("rolled_back", [CREATE, insert(wide(0, 5)), insert(wide(5, 10)), rolled_back, insert(wide(20, 22))], FILTERS[:2], history=True),
    Kind("cherry_picked", [CREATE, insert(wide(0, 5)), cherry_picked], FILTERS[:2], history=True),
    Kind("moved", [
        CREATE, insert(wide(0, 10)), "DELETE FROM {t} WHERE id IN (3, 4)", insert(wide(10, 12)), move_away,
    ], FILTERS[:2], moved=lambda made: {f"file://{made.folder}": f"file://{moved_to(made)}"}),
    Kind("row_lineage", [
        f"{{create}} ({WIDE}) USING iceberg {{located}} TBLPROPERTIES ('format-version'='3', 'write.update.mode'='merge-on-read', 'write.delete.mode'='copy-on-write')",
        insert(wide(0, 6)), insert(wide(6, 10)),
        "UPDATE {t} SET name = 'changed' WHERE id = 3", "DELETE FROM {t} WHERE id = 4",
        "CALL lake.system.rewrite_data_files(table => '{t}', options => map('rewrite-all', 'true'))",
        "UPDATE {t} SET name = 'again' WHERE id = 7",
    ], FILTERS, history=True),
]
