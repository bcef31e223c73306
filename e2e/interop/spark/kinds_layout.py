"""Tables by how they lie on storage: versions, partitions, formats, codecs, paths, maintenance."""

from .rows import FILTERS, WIDE, insert, wide
from .table import Kind


def written(version: int, *properties: str) -> str:
    listed = ", ".join([f"'format-version'='{version}'", *properties])
    return f"{{create}} ({WIDE}) USING iceberg {{located}} TBLPROPERTIES ({listed})"


def partitioned(by: str, version: int = 2) -> list[str]:
    return [
        f"{{create}} ({WIDE}) USING iceberg PARTITIONED BY ({by}) {{located}} TBLPROPERTIES ('format-version'='{version}')",
        insert(wide(0, 20)),
        insert(wide(20, 35, nulls=True)),
    ]


PLAIN = [
    Kind(f"plain_v{version}", [written(version), insert(wide(0, 10)), insert(wide(10, 20, nulls=True))], FILTERS, history=True)
    for version in (1, 2, 3)
]

PARTITIONED = [
    Kind("by_identities", partitioned("flag, i"), FILTERS),
    Kind("by_identity_of_text_date_decimal", partitioned("name, day, amount"), FILTERS),
    Kind("by_identity_of_floats", partitioned("f, d"), FILTERS),
    Kind("by_identity_of_binary_and_times", partitioned("bin, ts, tz"), FILTERS),
    Kind("by_days_and_hours", partitioned("days(ts), hours(tz)"), FILTERS),
    Kind("by_days_and_hours_v3", partitioned("days(ts), hours(tz)", 3), FILTERS),
    Kind("by_months_and_years", partitioned("months(day), years(ts)"), FILTERS),
    Kind("by_buckets", partitioned("bucket(4, id), bucket(3, name), bucket(2, amount)"), FILTERS),
    Kind("by_buckets_of_times", partitioned("bucket(4, day), bucket(3, ts), bucket(2, tz), bucket(2, bin)"), FILTERS),
    Kind("by_truncates", partitioned("truncate(2, name), truncate(5, i), truncate(4000, amount), truncate(2, bin)"), FILTERS),
]

RESPECIFIED = [
    Kind(
        f"respecified_v{version}",
        [
            written(version),
            insert(wide(0, 8)),
            "ALTER TABLE {t} ADD PARTITION FIELD bucket(3, id)",
            insert(wide(8, 16)),
            "ALTER TABLE {t} ADD PARTITION FIELD days(ts) AS ts_day",
            insert(wide(16, 24, nulls=True)),
            "ALTER TABLE {t} REPLACE PARTITION FIELD ts_day WITH hours(ts)",
            insert(wide(24, 32)),
            "ALTER TABLE {t} DROP PARTITION FIELD bucket(3, id)",
            insert(wide(32, 40)),
            "ALTER TABLE {t} RENAME COLUMN ts TO moment",
            insert(wide(40, 44)),
        ],
        [condition for condition in FILTERS if not condition.startswith("ts ")] + ["moment < TIMESTAMP_NTZ '1970-01-01 00:00:00'"],
        history=True,
    )
    for version in (1, 2, 3)
]

SMALL_ROWS = insert(wide(0, 12)), insert(wide(12, 24, nulls=True))

FORMATS = [
    *[
        Kind(f"parquet_{codec}", [written(2, f"'write.parquet.compression-codec'='{codec}'"), *SMALL_ROWS], FILTERS[:2])
        for codec in ("uncompressed", "snappy", "gzip", "lz4_raw", "zstd")
    ],
    # Hadoop's framing of LZ4, which the format's own definition has given up.
    Kind("parquet_lz4", [written(2, "'write.parquet.compression-codec'='lz4'"), *SMALL_ROWS], refused="UNSUPPORTED"),
    Kind("parquet_small_row_groups", [
        written(2, "'write.parquet.row-group-size-bytes'='4096'", "'write.parquet.page-size-bytes'='512'", "'write.parquet.row-group-check-min-record-count'='10'"),
        insert(wide(0, 500)),
    ], FILTERS),
    Kind("parquet_pages_v2", [written(2, "'write.parquet.page-version'='v2'"), *SMALL_ROWS], FILTERS[:2]),
    Kind("parquet_bloom_filters", [written(2, "'write.parquet.bloom-filter-enabled.column.id'='true'"), *SMALL_ROWS], FILTERS[:2]),
    *[
        Kind(f"avro_data_{codec}", [written(2, "'write.format.default'='avro'", f"'write.avro.compression-codec'='{codec}'"), *SMALL_ROWS], FILTERS)
        for codec in ("uncompressed", "gzip", "snappy", "zstd")
    ],
    Kind("avro_and_parquet_data", [
        written(3, "'write.format.default'='avro'"),
        insert(wide(0, 6)),
        "ALTER TABLE {t} SET TBLPROPERTIES ('write.format.default'='parquet')",
        insert(wide(6, 12)),
    ], FILTERS, history=True),
    Kind("orc_data", [written(2, "'write.format.default'='orc'"), *SMALL_ROWS], refused="UNSUPPORTED"),
    Kind("metadata_gzip", [written(2, "'write.metadata.compression-codec'='gzip'"), *SMALL_ROWS], FILTERS[:2], history=True),
    Kind("metrics_none", [written(2, "'write.metadata.metrics.default'='none'"), *SMALL_ROWS], FILTERS),
    Kind("metrics_counts", [written(2, "'write.metadata.metrics.default'='counts'"), *SMALL_ROWS], FILTERS),
    Kind("metrics_truncate_2", [written(2, "'write.metadata.metrics.default'='truncate(2)'"), *SMALL_ROWS], FILTERS),
    Kind("metrics_full", [written(2, "'write.metadata.metrics.default'='full'"), *SMALL_ROWS], FILTERS),
]

PATHS = [
    Kind("location_with_one_slash", [written(2).replace("{located}", "LOCATION 'file:{folder}'"), *SMALL_ROWS], FILTERS[:2]),
    Kind("location_without_scheme", [written(2).replace("{located}", ""), *SMALL_ROWS], FILTERS[:2], catalog="hadoop"),
    Kind("location_odd", [written(2).replace("{located}", "LOCATION 'file://{folder} ü=%25+x'"), *SMALL_ROWS], FILTERS[:2]),
    Kind("object_store_layout", [written(2, "'write.object-storage.enabled'='true'"), *SMALL_ROWS], FILTERS[:2]),
    Kind("data_elsewhere", [written(2, "'write.data.path'='file://{folder}-data'"), *SMALL_ROWS], FILTERS[:2]),
]

MAINTENANCE = [
    Kind("compacted", [
        written(2, "'write.delete.mode'='merge-on-read'"),
        *[insert(wide(start, start + 5)) for start in range(0, 30, 5)],
        "DELETE FROM {t} WHERE id % 7 = 3",
        "CALL lake.system.rewrite_data_files(table => '{t}', options => map('rewrite-all', 'true'))",
        insert(wide(30, 35)),
    ], FILTERS, history=True),
    Kind("sorted_by_z_order", [
        written(2),
        *[insert(wide(start, start + 10)) for start in range(0, 40, 10)],
        "CALL lake.system.rewrite_data_files(table => '{t}', strategy => 'sort', sort_order => 'zorder(id, i)', options => map('rewrite-all', 'true'))",
    ], FILTERS),
    Kind("write_ordered", [
        written(2), "ALTER TABLE {t} WRITE ORDERED BY name DESC NULLS FIRST, bucket(4, id)", *SMALL_ROWS,
    ], FILTERS),
    Kind("manifests_rewritten", [
        written(2, "'commit.manifest-merge.enabled'='false'"),
        *[insert(wide(start, start + 5)) for start in range(0, 30, 5)],
        "DELETE FROM {t} WHERE id = 4",
        "CALL lake.system.rewrite_manifests('{t}')",
    ], FILTERS, history=True),
    Kind("manifests_merged", [
        written(2, "'commit.manifest.min-count-to-merge'='2'"),
        *[insert(wide(start, start + 5)) for start in range(0, 25, 5)],
    ], FILTERS, history=True),
    Kind("snapshots_expired", [
        written(2),
        *[insert(wide(start, start + 5)) for start in range(0, 20, 5)],
        "DELETE FROM {t} WHERE id < 7",
        "CALL lake.system.expire_snapshots(table => '{t}', older_than => TIMESTAMP '2100-01-01 00:00:00', retain_last => 2)",
    ], FILTERS, history=True),
    Kind("position_deletes_rewritten", [
        f"{{create}} ({WIDE}) USING iceberg PARTITIONED BY (flag) {{located}} TBLPROPERTIES ('format-version'='2', 'write.delete.mode'='merge-on-read')",
        insert(wide(0, 20)),
        "DELETE FROM {t} WHERE id = 3", "DELETE FROM {t} WHERE id = 5", "DELETE FROM {t} WHERE id = 8",
        "CALL lake.system.rewrite_position_delete_files(table => '{t}', options => map('rewrite-all', 'true'))",
    ], FILTERS, history=True),
    Kind("statistics_kept", [
        written(2), *SMALL_ROWS, "CALL lake.system.compute_table_stats('{t}')",
    ], FILTERS[:2]),
    Kind("partition_statistics_kept", [
        *partitioned("flag"), "CALL lake.system.compute_partition_stats('{t}')",
    ], FILTERS[:2]),
]

CHANGED_WHOLE = [
    Kind("never_written", [written(2)]),
    Kind("emptied", [written(2), *SMALL_ROWS, "TRUNCATE TABLE {t}"], history=True),
    Kind("overwritten_by_partition", [
        *partitioned("flag"),
        "INSERT OVERWRITE {t} SELECT * FROM (" + wide(100, 104) + ") WHERE flag",
    ], FILTERS, history=True),
    Kind("created_as_select_and_replaced", [
        "{create} USING iceberg {located} TBLPROPERTIES ('format-version'='2') AS " + wide(0, 6),
        "CREATE OR REPLACE TABLE {t} USING iceberg {located} PARTITIONED BY (bucket(2, id)) TBLPROPERTIES ('format-version'='2') AS SELECT name, id, 'new' AS extra FROM (" + wide(0, 9) + ")",
    ], ["id = 7", "extra = 'new'"], history=True),
]

KINDS = [*PLAIN, *PARTITIONED, *RESPECIFIED, *FORMATS, *PATHS, *MAINTENANCE, *CHANGED_WHOLE]
