"""Tables with deleted and changed rows."""

from .java_writer import EqualityDelete, delete_by_equality, upsert
from .rows import FILTERS, WIDE, insert, wide
from .table import Kind

MERGE_ON_READ = "'write.delete.mode'='merge-on-read', 'write.update.mode'='merge-on-read', 'write.merge.mode'='merge-on-read'"
COPY_ON_WRITE = MERGE_ON_READ.replace("merge-on-read", "copy-on-write")
MERGE = (
    "MERGE INTO {t} t USING (SELECT id + 3 AS id, name FROM (" + wide(10, 20) + ")) s ON t.id = s.id "
    "WHEN MATCHED AND t.id % 5 = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET name = s.name, amount = NULL "
    "WHEN NOT MATCHED THEN INSERT (id, name) VALUES (s.id, s.name)"
)


def create(version: int, properties: str, by: str = "") -> str:
    partition = f"PARTITIONED BY ({by})" if by else ""
    return f"{{create}} ({WIDE}) USING iceberg {partition} {{located}} TBLPROPERTIES ('format-version'='{version}', {properties})"


def changed(version: int, properties: str, by: str = "") -> list[str]:
    return [
        create(version, properties, by),
        insert(wide(0, 10)),
        insert(wide(10, 20, nulls=True)),
        "DELETE FROM {t} WHERE id IN (3, 4, 13)",
        "UPDATE {t} SET name = 'changed', amount = -1.5 WHERE id % 4 = 1",
        "DELETE FROM {t} WHERE id = 5",
        MERGE,
    ]


def rows_changed() -> list[Kind]:
    kinds = []
    for version in (2, 3):
        for label, properties in (("merge_on_read", MERGE_ON_READ), ("copy_on_write", COPY_ON_WRITE)):
            kinds += [
                Kind(f"{label}_v{version}", changed(version, properties), FILTERS, history=True),
                Kind(f"{label}_partitioned_v{version}", changed(version, properties, "flag, bucket(2, id)"), FILTERS),
            ]
    return kinds


KINDS = [
    *rows_changed(),
    Kind("copy_on_write_v1", [create(1, COPY_ON_WRITE), *changed(1, COPY_ON_WRITE)[1:]], FILTERS, history=True),
    *[
        Kind(f"position_deletes_{granularity}", changed(2, f"{MERGE_ON_READ}, 'write.delete.granularity'='{granularity}'", "flag"), FILTERS)
        for granularity in ("file", "partition")
    ],
    Kind("position_deletes_in_avro", changed(2, MERGE_ON_READ + ", 'write.delete.format.default'='avro'"), FILTERS),
    Kind("avro_data_with_position_deletes", changed(2, MERGE_ON_READ + ", 'write.format.default'='avro'"), FILTERS),
    Kind("avro_data_with_deletion_vectors", changed(3, MERGE_ON_READ + ", 'write.format.default'='avro'"), FILTERS),
    Kind("many_position_deletes", [
        create(2, MERGE_ON_READ), insert(wide(0, 3000)), "DELETE FROM {t} WHERE id % 3 = 1", "DELETE FROM {t} WHERE id BETWEEN 1000 AND 1999",
    ], FILTERS),
    Kind("many_deletion_vectors", [
        create(3, MERGE_ON_READ, "flag"), insert(wide(0, 3000)), insert(wide(3000, 3100)),
        "DELETE FROM {t} WHERE id % 3 = 1", "DELETE FROM {t} WHERE id BETWEEN 1000 AND 1999",
    ], FILTERS),
    Kind("deletion_vector_with_runs_and_a_bitmap", [
        "{create} (id BIGINT, even BOOLEAN) USING iceberg {located} TBLPROPERTIES ('format-version'='3', " + MERGE_ON_READ + ")",
        "INSERT INTO {t} SELECT id, id % 2 = 0 FROM range(0, 200000, 1, 1)",
        "DELETE FROM {t} WHERE id BETWEEN 1000 AND 60000 OR (id > 70000 AND id % 2 = 1)",
    ], ["id < 1010", "id BETWEEN 69990 AND 70010"], select="count(*) AS n, sum(id) AS total, count_if(even) AS evens", duckdb_select="count(*) AS n, sum(id)::BIGINT AS total, count_if(even)::BIGINT AS evens"),
    Kind("upgraded_from_v1_to_v3", [
        create(1, MERGE_ON_READ), insert(wide(0, 10)),
        "ALTER TABLE {t} SET TBLPROPERTIES ('format-version'='2')",
        insert(wide(10, 20)), "DELETE FROM {t} WHERE id IN (2, 12)",
        "ALTER TABLE {t} SET TBLPROPERTIES ('format-version'='3')",
        # A vector takes over the position deletes of the same file.
        "DELETE FROM {t} WHERE id = 4", insert(wide(20, 25)), "DELETE FROM {t} WHERE id = 21",
    ], FILTERS, history=True),
    Kind("deleted_in_whole_files", [
        create(2, MERGE_ON_READ), insert(wide(0, 10)), insert(wide(10, 20)), "DELETE FROM {t} WHERE id < 10",
    ], FILTERS, history=True),
    *[
        kind
        for version in (2, 3)
        for kind in (
            Kind(f"equality_deletes_v{version}", [
                create(version, MERGE_ON_READ), insert(wide(0, 10)),
                delete_by_equality(EqualityDelete("id", "VALUES (3), (400)")),
                # What is written later stands, whatever was deleted before.
                insert(wide(3, 5)),
                delete_by_equality(EqualityDelete("name, flag", "VALUES ('z7', false), ('ü1', true)")),
                insert(wide(10, 20, nulls=True)),
                # A null is equal to a null.
                delete_by_equality(EqualityDelete("flag, id", "VALUES (NULL, 12), (NULL, 13)")),
                delete_by_equality(EqualityDelete("name", "VALUES (NULL)")),
            ], FILTERS, history=True),
            Kind(f"equality_and_position_deletes_v{version}", [
                create(version, MERGE_ON_READ), insert(wide(0, 20)),
                "DELETE FROM {t} WHERE id IN (1, 2)",
                delete_by_equality(EqualityDelete("id", "VALUES (2), (3)")),
                "DELETE FROM {t} WHERE id = 4", insert(wide(2, 4)),
            ], FILTERS, history=True),
        )
    ],
    Kind("equality_deletes_of_a_partition", [
        create(2, MERGE_ON_READ, "flag"), insert(wide(0, 20)),
        delete_by_equality(EqualityDelete("i", "VALUES (1), (2)", partition={"flag": True})),
    ], FILTERS),
    Kind("equality_deletes_of_everywhere", [
        create(2, MERGE_ON_READ), insert(wide(0, 10)), "ALTER TABLE {t} ADD PARTITION FIELD flag", insert(wide(10, 20)),
        # Written by the unpartitioned spec, it holds for all partitions of all specs.
        delete_by_equality(EqualityDelete("i", "VALUES (1), (7)", spec=0)),
    ], FILTERS, history=True),
    Kind("equality_deletes_of_many_types", [
        create(2, MERGE_ON_READ), insert(wide(0, 30)),
        *[
            delete_by_equality(EqualityDelete(column, f"SELECT {column} FROM {{t}} WHERE id = {number}"))
            for number, column in enumerate(["f", "d", "amount", "big", "day", "ts", "tz", "name", "bin"], start=8)
        ],
    ], FILTERS),
    Kind("equality_deletes_of_nan_and_infinity", [
        create(2, MERGE_ON_READ), insert(wide(0, 30)),
        delete_by_equality(EqualityDelete("f", "VALUES (CAST('NaN' AS FLOAT))"), EqualityDelete("d", "VALUES (CAST('Infinity' AS DOUBLE))")),
    ], FILTERS),
    Kind("equality_deletes_in_avro", [
        create(2, MERGE_ON_READ), insert(wide(0, 10)),
        delete_by_equality(EqualityDelete("id", "VALUES (3)", file_format="AVRO")),
    ], FILTERS),
    Kind("equality_deletes_by_a_column_renamed_and_widened_since", [
        create(2, MERGE_ON_READ), insert(wide(0, 10)),
        delete_by_equality(EqualityDelete("i", "VALUES (-2)")),
        "ALTER TABLE {t} RENAME COLUMN i TO renamed", "ALTER TABLE {t} ALTER COLUMN renamed TYPE BIGINT", insert(wide(10, 12)),
    ], ["id = 7", "renamed < 0"]),
    Kind("equality_deletes_by_a_column_dropped_since", [
        create(2, MERGE_ON_READ), insert(wide(0, 10)),
        delete_by_equality(EqualityDelete("i", "VALUES (-2)")),
        "ALTER TABLE {t} DROP COLUMN i", insert("SELECT * EXCEPT (i) FROM (" + wide(10, 12) + ")"),
    ], ["id = 7"]),
    Kind("upserted_by_a_stream", [
        create(2, MERGE_ON_READ),
        # As Flink does: in one commit, the old rows go by equality and the new ones come.
        upsert("id, name", "VALUES (1, 'a'), (2, 'b')"),
        upsert("id, name", "VALUES (1, 'a2'), (3, 'c')", EqualityDelete("id", "VALUES (1), (3)")),
        upsert("id, name", "VALUES (2, 'b2')", EqualityDelete("id", "VALUES (2), (3)")),
    ], ["id = 1", "name = 'b2'"], history=True),
]
