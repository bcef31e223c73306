import { evolveSchema } from '#server/iceberg/evolution/evolve-schema.ts';
import { evolveSpec } from '#server/iceberg/evolution/evolve-spec.ts';
import { createSnapshotRef, rollbackTo } from '#server/iceberg/evolution/manage-snapshots.ts';
import { replaceSortOrder } from '#server/iceberg/evolution/replace-sort-order.ts';
import type { OurTable, Step } from './our-table.ts';

const rows = (from: number, to: number) => ({
  append: `SELECT i::BIGINT id, ['north', 'south', NULL][1 + i % 3] region, i % 2 = 0 AS even, (i * 1.25)::DECIMAL(12,2) amount,
    TIMESTAMP '1969-12-30 12:00:00' + to_hours(i * 5)::INTERVAL ts, {'x': i::INTEGER, 'y': 'y' || i} st, [i::BIGINT, NULL] li
    FROM range(${from}, ${to}) t(i)`,
});

const GOES_ON = [
  'INSERT INTO {t} SELECT * FROM {t} WHERE id = 1',
  'DELETE FROM {t} WHERE id = 2',
  "UPDATE {t} SET region = 'changed' WHERE id IN (7, 11)",
  "CALL lake.system.rewrite_manifests('{t}')",
  "CALL lake.system.rewrite_data_files(table => '{t}', options => map('rewrite-all', 'true'))",
  "CALL lake.system.expire_snapshots(table => '{t}', older_than => TIMESTAMP '2100-01-01 00:00:00', retain_last => 1)",
] as const;

const PARTITIONED = [
  { source: 'region', transform: 'identity' },
  { source: 'id', transform: 'bucket[2]' },
] as const;

const deletes = (by: 'positions' | 'vectors' | 'copies'): readonly Step[] => [
  rows(0, 10),
  rows(10, 20),
  { deleteWhere: 'id IN (3, 4, 13)', by },
  rows(20, 24),
  { deleteWhere: 'id IN (5, 14, 21)', by },
];

const evolution: readonly Step[] = [
  rows(0, 6),
  {
    change: (metadata) =>
      evolveSchema(metadata)
        .renameColumn('region', 'place')
        .addColumn({ name: 'region', type: 'int' })
        .updateType('amount', 'decimal(20, 2)')
        .dropColumn('even')
        .moveColumn('ts', 'first')
        .addColumn({ name: 'z', type: 'double', parent: 'st' })
        .renameColumn(['st', 'x'], 'first')
        .change(),
    model: [
      `CREATE OR REPLACE TABLE model AS SELECT ts, id, region AS place, amount::DECIMAL(20,2) amount,
         {'first': st.x, 'y': st.y, 'z': NULL::DOUBLE} st, li, NULL::INTEGER AS region FROM model`,
    ],
  },
  {
    append: `SELECT TIMESTAMP '2024-01-01 00:00:00' ts, 50::BIGINT id, 'p' place, 123456789012345678.25::DECIMAL(20,2) amount,
      {'first': 1::INTEGER, 'y': 'y', 'z': 0.5::DOUBLE} st, [1::BIGINT] li, 7::INTEGER region`,
  },
];

const firstSnapshot = {
  change: (metadata: Parameters<typeof rollbackTo>[0]) =>
    rollbackTo(metadata, metadata.snapshots[0]?.snapshotId ?? 0n),
};

/** Every kind of table that we write by changing one. */
export const CHANGED_TABLES: readonly OurTable[] = [
  { name: 'version 1', formatVersion: 1, steps: [rows(0, 10), rows(10, 14)], sparkGoesOn: GOES_ON },
  { name: 'version 3', formatVersion: 3, steps: [rows(0, 10), rows(10, 14)], sparkGoesOn: GOES_ON },
  {
    name: 'partitioned, version 1',
    formatVersion: 1,
    partitionBy: PARTITIONED,
    steps: [rows(0, 10), rows(10, 14)],
  },
  {
    name: 'position deletes',
    properties: { 'write.delete.mode': 'merge-on-read' },
    steps: deletes('positions'),
    sparkGoesOn: GOES_ON,
  },
  {
    name: 'position deletes in partitions',
    partitionBy: PARTITIONED,
    steps: deletes('positions'),
    sparkGoesOn: GOES_ON,
  },
  {
    name: 'deletion vectors',
    formatVersion: 3,
    properties: { 'write.delete.mode': 'merge-on-read', 'write.update.mode': 'merge-on-read' },
    steps: deletes('vectors'),
    sparkGoesOn: GOES_ON,
  },
  {
    name: 'deletion vectors in partitions',
    formatVersion: 3,
    partitionBy: PARTITIONED,
    steps: deletes('vectors'),
    sparkGoesOn: GOES_ON,
  },
  {
    name: 'a deletion vector of many containers',
    formatVersion: 3,
    steps: [
      { append: 'SELECT i::BIGINT id FROM range(200000) t(i)' },
      { deleteWhere: 'id BETWEEN 1000 AND 150000 OR (id > 160000 AND id % 3 = 1)', by: 'vectors' },
    ],
  },
  {
    name: 'upgraded from version 1 to 3',
    formatVersion: 1,
    steps: [
      rows(0, 10),
      {
        change: () => ({
          updates: [{ action: 'upgrade-format-version', formatVersion: 2 }],
          requirements: [],
        }),
      },
      rows(10, 16),
      { deleteWhere: 'id IN (1, 12)', by: 'positions' },
      {
        change: () => ({
          updates: [{ action: 'upgrade-format-version', formatVersion: 3 }],
          requirements: [],
        }),
      },
      rows(16, 20),
      { deleteWhere: 'id IN (17)', by: 'vectors' },
    ],
    // It asks the manifest lists of version 1, which are part of the history, for what version 2 added.
    unknownTo: { DuckDB: /required field 'sequence_number' is NULL/ },
  },
  { name: 'copy on write', steps: deletes('copies'), sparkGoesOn: GOES_ON },
  { name: 'copy on write in partitions', partitionBy: PARTITIONED, steps: deletes('copies') },
  {
    name: 'equality deletes',
    steps: [
      rows(0, 10),
      {
        deleteEqual: 'SELECT * FROM (VALUES (3::BIGINT), (400::BIGINT)) v(id)',
        columns: ['id'],
        where: 'id = 3',
      },
      { ...rows(2, 5) },
      {
        deleteEqual: 'SELECT NULL::VARCHAR AS region, true AS even',
        columns: ['region', 'even'],
        where: 'region IS NULL AND even',
      },
    ],
    unknownTo: { PyIceberg: /equality delete/i },
  },
  {
    name: 'whole files deleted',
    steps: [
      rows(0, 10),
      rows(10, 20),
      { deleteFiles: (id) => ({ op: 'lt', fieldId: id('id'), value: 10n }), where: 'id < 10' },
    ],
  },
  {
    name: 'partitions replaced',
    partitionBy: [{ source: 'even', transform: 'identity' }],
    steps: [
      rows(0, 10),
      {
        replacePartitions: rows(100, 104).append.replace(
          'FROM range(100, 104) t(i)',
          'FROM (VALUES (100), (102)) t(i)',
        ),
        where: 'even',
      },
    ],
  },
  { name: 'evolved', steps: evolution },
  { name: 'evolved, version 1', formatVersion: 1, steps: evolution },
  {
    name: 'evolved with deletes',
    formatVersion: 3,
    steps: [rows(6, 9), ...evolution, { deleteWhere: 'id IN (2, 50)', by: 'vectors' }],
  },
  {
    name: 'defaults',
    formatVersion: 3,
    steps: [
      rows(0, 4),
      {
        change: (metadata) =>
          evolveSchema(metadata)
            .addColumn({ name: 'n', type: 'int', defaultValue: 7 })
            .addColumn({ name: 'label', type: 'string', defaultValue: "d'é" })
            .addColumn({ name: 'since', type: 'date', defaultValue: '2024-02-29' })
            .change(),
        model: [
          'ALTER TABLE model ADD COLUMN n INTEGER DEFAULT 7',
          "ALTER TABLE model ADD COLUMN label VARCHAR DEFAULT 'd''é'",
          "ALTER TABLE model ADD COLUMN since DATE DEFAULT DATE '2024-02-29'",
        ],
      },
      {
        append: rows(4, 6).append.replace(
          'FROM range',
          ', 1::INTEGER n, NULL::VARCHAR AS label, NULL::DATE AS since FROM range',
        ),
      },
    ],
  },
  ...([1, 2, 3] as const).map((formatVersion): OurTable => ({
    name: `partitioned anew, version ${formatVersion}`,
    formatVersion,
    steps: [
      rows(0, 6),
      {
        change: (metadata) =>
          evolveSpec(metadata).addField({ source: 'id', transform: 'bucket[3]' }).change(),
      },
      rows(6, 12),
      {
        change: (metadata) =>
          evolveSpec(metadata)
            .removeField({ source: 'id', transform: 'bucket[3]' })
            .addField({ source: 'ts', transform: 'day' })
            .change(),
      },
      rows(12, 18),
      { change: (metadata) => evolveSpec(metadata).removeField({ source: 'ts', transform: 'day' }).change() },
      rows(18, 20),
    ],
    sparkGoesOn: GOES_ON,
  })),
  {
    name: 'sorted',
    sortBy: ['region', 'id'],
    steps: [
      rows(0, 6),
      { change: (metadata) => replaceSortOrder(metadata, [{ source: 'ts', direction: 'desc' }]) },
      rows(6, 12),
    ],
  },
  {
    name: 'refs and a rollback',
    steps: [
      rows(0, 5),
      { change: (metadata) => createSnapshotRef(metadata, { name: 'first', type: 'tag' }) },
      { change: (metadata) => createSnapshotRef(metadata, { name: 'odd/näme', type: 'branch' }) },
      rows(5, 8),
      { ...firstSnapshot, model: ['DELETE FROM model WHERE id >= 5'] },
      rows(20, 22),
    ],
  },
  {
    name: 'manifests rewritten',
    steps: [
      rows(0, 4),
      { ...rows(4, 8), fast: true },
      { ...rows(8, 12), fast: true },
      { maintain: 'manifests' },
    ],
    sparkGoesOn: GOES_ON,
  },
  {
    name: 'compacted',
    steps: [...deletes('positions'), { maintain: 'compact' }, rows(30, 32)],
    sparkGoesOn: GOES_ON,
  },
  {
    name: 'gzipped metadata',
    properties: { 'write.metadata.compression-codec': 'gzip' },
    steps: [rows(0, 5), rows(5, 6)],
  },
  {
    name: 'rare types, version 3',
    formatVersion: 3,
    byJava: true,
    steps: [
      {
        append: `SELECT 1::INTEGER id, TIMESTAMP_NS '2024-02-29 12:34:56.123456789' ns, TIME '12:34:56.789012' tm,
          'f79c3e09-677c-4bbd-a479-3f349cb785e7'::UUID u, '\\x00\\xFF'::BLOB b
          UNION ALL SELECT 2, TIMESTAMP_NS '1969-12-31 23:59:59.999999999', NULL, NULL, NULL`,
      },
    ],
  },
  {
    name: 'bytes of fixed lengths',
    steps: [
      { append: 'SELECT 0::BIGINT id' },
      {
        change: (metadata) =>
          evolveSchema(metadata)
            .addColumn({ name: 'fx', type: 'fixed[4]' })
            .addColumn({ name: 'label', type: 'string' })
            .addColumn({
              name: 'st',
              type: { type: 'struct', fields: [{ id: 0, name: 'h', type: 'fixed[16]', required: false }] },
            })
            .addColumn({
              name: 'li',
              type: { type: 'list', elementId: 0, element: 'fixed[2]', elementRequired: false },
            })
            .change(),
        model: [
          `CREATE OR REPLACE TABLE model AS
             SELECT id, NULL::BLOB fx, NULL::VARCHAR AS label, NULL::STRUCT(h BLOB) st, NULL::BLOB[] li FROM model`,
        ],
      },
      {
        append: `SELECT i::BIGINT id, if(i % 3 = 0, NULL, unhex(printf('%08x', i % 50))) fx, 'l' || i % 9 AS label,
          if(i % 7 = 0, NULL, {'h': unhex(md5(i::VARCHAR))}) st, ['ab'::BLOB, NULL, unhex(printf('%04x', i))] li
          FROM range(1, 2000) t(i)`,
      },
      {
        append: `SELECT -1::BIGINT id, '\\x00\\xFF\\x00\\xFF'::BLOB fx, NULL::VARCHAR AS label, NULL::STRUCT(h BLOB) st, []::BLOB[] li`,
      },
    ],
    filters: (id) => [
      { theirs: 'id < 0', ours: { op: 'lt', fieldId: id('id'), value: 0n } },
      { theirs: 'fx is null', ours: { op: 'is-null', fieldId: id('fx') } },
    ],
    sparkGoesOn: [
      'INSERT INTO {t} SELECT * FROM {t} WHERE id = 1',
      'DELETE FROM {t} WHERE id = 2',
      "CALL lake.system.rewrite_data_files(table => '{t}', options => map('rewrite-all', 'true'))",
    ],
  },
  {
    name: 'odd names',
    partitionBy: [{ source: 'Ünï code', transform: 'identity' }],
    steps: [
      {
        append: `SELECT * FROM (VALUES ('a/b', 1::BIGINT, {'c.d': 1::INTEGER}), ('ß=%3D', 2, NULL), (NULL, 3, NULL), ('', 4, NULL))
          t("Ünï code", "1st.col", "a b")`,
      },
    ],
  },
];
