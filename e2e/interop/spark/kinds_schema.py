"""Tables whose columns changed, and columns of the rarer types."""

import pathlib

from .java_schema import add_column_with_default, create_with_all_types, set_write_default
from .rows import WIDE, insert, split_columns, wide
from .table import Kind, SparkTable

NESTED = (
    "id BIGINT NOT NULL, s STRUCT<a: INT, b: STRING, c: STRUCT<d: FLOAT>>, l ARRAY<STRUCT<x: INT, y: STRING>>, "
    "m MAP<STRING, STRUCT<u: INT, v: STRING>>"
)


def nested_row(identifier: int) -> str:
    return (
        f"SELECT {identifier}, named_struct('a', {identifier}, 'b', 'b{identifier}', 'c', named_struct('d', 0.5F)), "
        f"array(named_struct('x', {identifier}, 'y', 'y')), map('k', named_struct('u', {identifier}, 'v', 'v'))"
    )


def evolved(version: int, *properties: str) -> list:
    listed = ", ".join([f"'format-version'='{version}'", *properties])
    return [
        f"{{create}} ({WIDE}) USING iceberg {{located}} TBLPROPERTIES ({listed})",
        insert(wide(0, 10)),
        "ALTER TABLE {t} RENAME COLUMN name TO title",
        "ALTER TABLE {t} ADD COLUMN name INT",
        "ALTER TABLE {t} DROP COLUMN bin",
        "ALTER TABLE {t} ALTER COLUMN i TYPE BIGINT",
        "ALTER TABLE {t} ALTER COLUMN f TYPE DOUBLE",
        "ALTER TABLE {t} ALTER COLUMN amount TYPE DECIMAL(30,3)",
        "ALTER TABLE {t} ALTER COLUMN tz FIRST",
        "ALTER TABLE {t} ALTER COLUMN flag AFTER day",
        "INSERT INTO {t} (id, i, f, amount, title, name, flag) VALUES (50, 5000000000, 1e300, 123456789012345678901234567.125, 't', 7, true)",
        # A column that comes back is another one: what was in the old one is gone.
        "ALTER TABLE {t} ADD COLUMN bin BINARY",
        "INSERT INTO {t} (id, bin) VALUES (51, X'01')",
    ]


def nested_evolved(*properties: str) -> list:
    listed = ", ".join(["'format-version'='2'", *properties])
    return [
        f"{{create}} ({NESTED}) USING iceberg {{located}} TBLPROPERTIES ({listed})",
        insert(nested_row(1)),
        "ALTER TABLE {t} ADD COLUMN s.e INT",
        "ALTER TABLE {t} RENAME COLUMN s.a TO z",
        "ALTER TABLE {t} DROP COLUMN s.b",
        "ALTER TABLE {t} ALTER COLUMN s.c.d TYPE DOUBLE",
        "ALTER TABLE {t} ADD COLUMN s.c.n STRING",
        "ALTER TABLE {t} ADD COLUMN l.element.z DOUBLE",
        "ALTER TABLE {t} RENAME COLUMN l.element.x TO first",
        "ALTER TABLE {t} DROP COLUMN l.element.y",
        "ALTER TABLE {t} ALTER COLUMN m.value.u TYPE BIGINT",
        "ALTER TABLE {t} ADD COLUMN m.value.w BOOLEAN",
        "ALTER TABLE {t} ALTER COLUMN s.e FIRST",
        "ALTER TABLE {t} ALTER COLUMN id DROP NOT NULL",
        "INSERT INTO {t} VALUES (NULL, named_struct('e', 1, 'z', 2, 'c', named_struct('d', 3D, 'n', 'n')), "
        "array(named_struct('first', 4, 'z', 5D)), map('k', named_struct('u', 6000000000, 'v', 'v', 'w', true)))",
    ]


EVOLVED_FILTERS = ["id = 50", "i > 100", "i < -3", "title = 't'", "name IS NULL", "name = 7", "f < 1.0", "bin IS NOT NULL", "amount > 1000"]

EVOLVED = [
    *[Kind(f"evolved_v{version}", evolved(version), EVOLVED_FILTERS, history=True) for version in (1, 2, 3)],
    Kind("evolved_in_avro", evolved(2, "'write.format.default'='avro'"), EVOLVED_FILTERS, history=True),
    Kind("nested_evolved", nested_evolved(), ["s.z = 2", "s.z = 1"], history=True),
    Kind("nested_evolved_in_avro", nested_evolved("'write.format.default'='avro'"), ["s.z = 2"], history=True),
    Kind("partition_column_renamed_and_widened", [
        f"{{create}} ({WIDE}) USING iceberg PARTITIONED BY (i, bucket(2, id), truncate(3, name)) {{located}}",
        insert(wide(0, 10)),
        "ALTER TABLE {t} RENAME COLUMN i TO wider", "ALTER TABLE {t} ALTER COLUMN wider TYPE BIGINT",
        insert(wide(10, 20)),
    ], ["wider = 3", "wider < 0", "id = 7"], history=True),
    Kind("partition_column_dropped", [
        f"{{create}} ({WIDE}) USING iceberg PARTITIONED BY (flag) {{located}} TBLPROPERTIES ('format-version'='2')",
        insert(wide(0, 10)),
        "ALTER TABLE {t} DROP PARTITION FIELD flag", "ALTER TABLE {t} DROP COLUMN flag",
        insert("SELECT * EXCEPT (flag) FROM (" + wide(10, 20) + ")"),
    ], ["id = 7", "id > 12"], history=True),
    Kind("with_deletes_and_evolution", [
        f"{{create}} ({WIDE}) USING iceberg {{located}} TBLPROPERTIES ('format-version'='3', 'write.delete.mode'='merge-on-read')",
        insert(wide(0, 10)), "DELETE FROM {t} WHERE id = 4",
        "ALTER TABLE {t} RENAME COLUMN name TO title", "ALTER TABLE {t} ADD COLUMN name STRING FIRST",
        "UPDATE {t} SET name = title WHERE id = 5", "DELETE FROM {t} WHERE i = 1",
    ], ["name IS NOT NULL", "title LIKE 'Ad%'"], history=True),
    Kind("odd_names", [
        "{create} (`Ünï code` STRING, `1st.col` BIGINT, `a b` STRUCT<`c.d`: INT, `e'f\"`: INT>, `id` INT, `%3D` STRING) "
        "USING iceberg PARTITIONED BY (`Ünï code`, `%3D`) {located}",
        "INSERT INTO {t} VALUES ('a/b', 1, named_struct('c.d', 1, 'e\\'f\"', 2), 1, 'x=%'), ('ß', 2, NULL, 2, NULL), (NULL, 3, NULL, 3, '')",
    ]),
    Kind("odd_names_in_avro", [
        "{create} (`Ünï code` STRING, `1st.col` BIGINT, `a b` STRUCT<`c.d`: INT>) USING iceberg {located} TBLPROPERTIES ('write.format.default'='avro')",
        "INSERT INTO {t} VALUES ('a/b', 1, named_struct('c.d', 1)), ('ß', 2, NULL)",
    ]),
]

DEFAULTS = [
    Kind(f"defaults_in_{file_format}", [
        f"{{create}} ({WIDE}) USING iceberg {{located}} TBLPROPERTIES ('format-version'='3', 'write.format.default'='{file_format}', 'write.delete.mode'='merge-on-read')",
        insert(wide(0, 5)),
        add_column_with_default("n", "int", 7),
        add_column_with_default("big_n", "long", 5_000_000_000),
        add_column_with_default("dec", "decimal(9, 2)", "-1.25"),
        add_column_with_default("text", "string", "déf'ault"),
        add_column_with_default("yes", "boolean", True),
        add_column_with_default("ratio", "double", 0.5),
        add_column_with_default("since", "date", "2024-02-29"),
        add_column_with_default("at", "timestamp", "2024-02-29T12:34:56.789012"),
        add_column_with_default("at_utc", "timestamptz", "2024-02-29T12:34:56.789012+00:00"),
        add_column_with_default("st.extra", "int", 3),
        insert("SELECT *, 1, 2, 3, '4', false, 6D, DATE '2000-01-01', TIMESTAMP_NTZ '2000-01-01 00:00:00', TIMESTAMP '2000-01-01 00:00:00' FROM ("
               + wide(5, 8).replace("named_struct('x', id / 2D, 'y', concat('y', id))", "named_struct('x', id / 2D, 'y', 'y', 'extra', 9)")
               .replace("STRUCT<x: DOUBLE, y: STRING>", "STRUCT<x: DOUBLE, y: STRING, extra: INT>") + ")"),
        # Only rows that are written from now on have another default; those that were there keep theirs.
        set_write_default("n", "int", 8),
        "ALTER TABLE {t} RENAME COLUMN n TO renamed",
        "DELETE FROM {t} WHERE id = 1",
    ], ["renamed = 7", "renamed < 5", "text = 'x'", "since > DATE '2001-01-01'", "dec IS NULL"], history=True)
    for file_format in ("parquet", "avro")
]


def add_files(file_format: str, by: str = "") -> list:
    """Files that were no Iceberg table's, so without field ids."""

    def write_folder(made: SparkTable) -> None:
        folder = pathlib.Path(made.folder).with_name(f"{made.kind.name}-files")
        chosen = made.session.sql(wide(0, 10)).drop(*left_out).write.format(file_format)
        (chosen.partitionBy(by) if by else chosen).save(f"file://{folder}")

    # Spark's Avro and Iceberg's agree on few types.
    left_out = ["ts", "li", "ma", "deep"] if file_format == "avro" else []
    columns = ", ".join(column for column in split_columns(WIDE) if column.split(" ")[0] not in left_out)
    partition = f"PARTITIONED BY ({by})" if by else ""
    return [
        write_folder,
        f"{{create}} ({columns}) USING iceberg {partition} {{located}} TBLPROPERTIES ('format-version'='2', 'write.delete.mode'='merge-on-read')",
        f"CALL lake.system.add_files(table => '{{t}}', source_table => '`{file_format}`.`file://{{folder}}-files`')",
        "DELETE FROM {t} WHERE id = 4",
        "ALTER TABLE {t} RENAME COLUMN name TO title",
        "ALTER TABLE {t} ADD COLUMN name STRING",
        "INSERT INTO {t} (id, title, name, flag) VALUES (50, 't', 'n', true)",
    ]


MIGRATED = [
    Kind("migrated_parquet", add_files("parquet"), ["id = 7", "title LIKE 'Ad%'", "i < 0"], history=True),
    Kind("migrated_parquet_by_folder", add_files("parquet", "flag"), ["id = 7", "flag", "NOT flag"], history=True),
    Kind("migrated_avro", add_files("avro"), ["id = 7", "title LIKE 'Ad%'"], history=True),
]

#: The engines differ in how they hold a variant.
VARIANT_AS_JSON = {"select": "id, to_json(v) AS v", "duckdb_select": "id, CASE WHEN v IS NOT NULL THEN v::JSON::VARCHAR END AS v"}

RARE_TYPES = [
    create_with_all_types("all_types_v2", 2, "parquet"),
    create_with_all_types("all_types_v3", 3, "parquet"),
    create_with_all_types("all_types_in_avro_v3", 3, "avro"),
    # Not among them is JSON's null, which DuckDB does not tell from SQL's.
    Kind("variant", [
        "{create} (id BIGINT, v VARIANT) USING iceberg {located} TBLPROPERTIES ('format-version'='3', 'write.delete.mode'='merge-on-read')",
        """INSERT INTO {t} SELECT id, parse_json(v) FROM VALUES (1, '{"a": 1, "b": ["x", null, 1.5, true]}'), (2, '"text"'), (3, '123456789012'), (4, NULL), (5, '[]') AS r(id, v)""",
        "DELETE FROM {t} WHERE id = 2",
    ], ["id = 1"], **VARIANT_AS_JSON),
    Kind("variant_shredded", [
        "{create} (id BIGINT, v VARIANT) USING iceberg {located} TBLPROPERTIES ('format-version'='3', 'write.parquet.shred-variants'='true', 'write.parquet.variant-inference-buffer-size'='2')",
        """INSERT INTO {t} SELECT id, parse_json(concat('{"a": ', id, ', "b": "x', id, '"}')) FROM range(0, 20, 1, 1)""",
        """INSERT INTO {t} SELECT 100, parse_json('{"a": "no number", "c": 1}')""",
    ], ["id = 1"], **VARIANT_AS_JSON),
]

KINDS = [*EVOLVED, *DEFAULTS, *MIGRATED, *RARE_TYPES]
