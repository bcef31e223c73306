import type { IcebergType, NestedField } from '../types.ts';

/** A Parquet file of another writer (see parquet/README.md), how a table that it was added to has it, and its rows. */
export interface ForeignFile {
  readonly name: string;
  readonly rows: number;
  readonly fields: readonly NestedField[];
  /** Over the columns. */
  readonly sql: string;
  readonly expected: readonly Readonly<Record<string, unknown>>[];
}

const optional = (id: number, name: string, type: IcebergType): NestedField => ({
  id,
  name,
  required: false,
  type,
});
const list = (element: IcebergType): IcebergType => ({
  type: 'list',
  elementId: 100,
  elementRequired: false,
  element,
});
const map = (key: IcebergType, value: IcebergType): IcebergType => ({
  type: 'map',
  keyId: 300,
  key,
  valueId: 301,
  valueRequired: false,
  value,
});
const decimals = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ value: `${index + 1}.00` }));

export const FOREIGN_FILES: readonly ForeignFile[] = [
  {
    name: 'alltypes_plain',
    rows: 8,
    fields: [optional(1, 'renamed', 'long'), optional(9, 'day', 'string'), optional(12, 'beyond', 'int')],
    sql: 'SELECT renamed::VARCHAR AS id, day, beyond FROM scan WHERE renamed < 3 ORDER BY renamed',
    expected: [
      { id: '0', day: '01/01/09', beyond: null },
      { id: '1', day: '01/01/09', beyond: null },
      { id: '2', day: '02/01/09', beyond: null },
    ],
  },
  ...(
    [
      ['int32_decimal', 1, 'decimal(4, 2)'],
      ['int64_decimal', 1, 'decimal(10, 2)'],
      ['fixed_length_decimal_legacy', 1, 'decimal(13, 2)'],
      ['byte_array_decimal', 6, 'decimal(4, 2)'],
    ] as const
  ).map(([name, id, type]) => ({
    name,
    rows: 24,
    fields: [optional(id, 'd', type)],
    sql: 'SELECT d::VARCHAR AS value FROM scan',
    expected: decimals(24),
  })),
  {
    name: 'old_list_structure',
    rows: 1,
    fields: [optional(1, 'a', list(list('long')))],
    sql: 'SELECT a::VARCHAR AS a, typeof(a) AS type FROM scan',
    expected: [{ a: '[[1, 2], [3, 4]]', type: 'BIGINT[][]' }],
  },
  {
    name: 'nullable.impala',
    rows: 7,
    fields: [
      optional(1, 'id', 'long'),
      optional(3, 'lists', list(list('int'))),
      optional(4, 'm', map('string', 'long')),
    ],
    sql: 'SELECT lists::VARCHAR AS l, m::VARCHAR AS m FROM scan WHERE id IN (2, 6) ORDER BY id',
    expected: [
      { l: '[[NULL, 1, 2, NULL], [3, NULL, 4], [], NULL]', m: '{k1=2, k2=NULL}' },
      { l: null, m: null },
    ],
  },
  {
    name: 'incorrect_map_schema',
    rows: 1,
    fields: [optional(1, 'm', map('string', 'string'))],
    sql: 'SELECT m::VARCHAR AS m FROM scan',
    expected: [{ m: '{parent=another, name=report}' }],
  },
  {
    name: 'geospatial',
    rows: 196,
    fields: [optional(2, 'wkt', 'string'), optional(3, 'shape', 'geometry')],
    sql: 'SELECT hex(shape) AS shape FROM scan LIMIT 1',
    expected: [{ shape: '01010000000000000000003E400000000000002440' }],
  },
];
