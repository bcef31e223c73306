import type { DuckDBConnection } from '@duckdb/node-api';
import { LRUCache } from 'lru-cache';
import { parseDuckDbType, type DuckDbType } from '#shared/iceberg/duckdb-type-text.ts';
import type { FileField, FileType } from '#shared/iceberg/files/file-shape.ts';
import { quoteLiteral } from '#shared/sql/quoting.ts';
import { shapeOfParquet, type SchemaElement } from './parquet-shape.ts';

/** What the end of a Parquet file says. */
export interface Footer {
  readonly rows: number;
  /** One and the same for files of one shape, so that they can be told by it. */
  readonly shape: FileShape;
}

export interface FileShape {
  readonly fields: readonly FileField[];
  /** Some top-level columns have names that differ in case at most; DuckDB then gives them other names. */
  readonly ambiguous: boolean;
}

/** How many files' footers are remembered: a number and a reference each. */
const KNOWN_FILES = 100_000;

/** Footers of data files by path. Data files never change, so each is read once. */
export class FooterCache {
  readonly #footers = new LRUCache<string, Footer>({ max: KNOWN_FILES });
  readonly #shapes = new LRUCache<string, FileShape>({ max: 10_000 });

  get(path: string): Footer | undefined {
    return this.#footers.get(path);
  }

  set(path: string, footer: Footer): void {
    this.#footers.set(path, footer);
  }

  /** Equal shapes become one. */
  shape(key: string, make: () => FileShape): FileShape {
    let shape = this.#shapes.get(key);
    if (shape === undefined) this.#shapes.set(key, (shape = make()));
    return shape;
  }
}

const ELEMENT =
  "{'name': name, 'repetition': repetition_type, 'children': COALESCE(num_children, 0)::INTEGER, " +
  "'converted': converted_type, 'fieldId': field_id::INTEGER, 'logical': logical_type, 'duckDbType': duckdb_type}";

/**
 * Reads footers. Files of one schema cost little more than their paths: the schema is fetched once.
 *
 * @param cache where equal shapes are found; what is read is not put in it
 * @throws what DuckDB throws, which need not name the file
 */
export async function readFooters(
  connection: DuckDBConnection,
  paths: readonly string[],
  cache: FooterCache,
): Promise<ReadonlyMap<string, Footer>> {
  const list = `[${paths.map(quoteLiteral).join(', ')}]`;
  const result = await connection.run(
    `WITH files AS (
       SELECT file_name, CAST(to_json(list(${ELEMENT} ORDER BY column_id)) AS VARCHAR) AS elements
       FROM parquet_schema(${list}) GROUP BY file_name)
     SELECT elements, list(file_name), list(num_rows::DOUBLE)
     FROM files JOIN parquet_file_metadata(${list}) USING (file_name) GROUP BY elements`,
  );
  const footers = new Map<string, Footer>();
  for (const [json, names, counts] of await result.getRowsJS()) {
    const shape = cache.shape(json as string, () => makeShape(JSON.parse(json as string) as SchemaElement[]));
    for (const [index, name] of (names as string[]).entries())
      footers.set(name, { rows: Number((counts as number[])[index]), shape });
  }
  return footers;
}

function makeShape(elements: readonly SchemaElement[]): FileShape {
  const fields = shapeOfParquet(elements);
  const names = new Set(fields.map((field) => field.name.toLowerCase()));
  return { fields, ambiguous: names.size < fields.length };
}

/** A type with a text in it, which none but this one has. */
const GEOMETRY_CRS = /GEOMETRY\('(?:[^']|'')*'\)/g;

/**
 * The shape of a file with its VARIANT values told from structs that look like them: only DuckDB's reader says which
 * they are.
 */
export async function findVariants(
  connection: DuckDBConnection,
  path: string,
  shape: FileShape,
  cache: FooterCache,
): Promise<FileShape> {
  const result = await connection.run(
    `DESCRIBE SELECT * FROM read_parquet(${quoteLiteral(path)}, hive_partitioning = false)`,
  );
  const types = (await result.getRowsJS()).map((row) => row[1] as string);
  if (!types.some((type) => type.includes('VARIANT'))) return shape;
  return cache.shape(JSON.stringify([shape.fields, types]), () => ({
    ...shape,
    fields: shape.fields.map((field, index) => ({
      ...field,
      type: types[index]?.includes('VARIANT')
        ? markVariants(field.type, parseDuckDbType(types[index].replaceAll(GEOMETRY_CRS, 'GEOMETRY')))
        : field.type,
    })),
  }));
}

function markVariants(type: FileType, read: DuckDbType): FileType {
  const mark = (field: FileField, inner: DuckDbType | undefined): FileField =>
    inner === undefined ? field : { ...field, type: markVariants(field.type, inner) };
  if (read.kind === 'name') return read.name === 'VARIANT' ? { kind: 'leaf', sqlType: 'VARIANT' } : type;
  if (read.kind === 'list' && type.kind === 'list')
    return { ...type, element: mark(type.element, read.element) };
  if (read.kind === 'map' && type.kind === 'map')
    return { ...type, key: mark(type.key, read.key), value: mark(type.value, read.value) };
  if (read.kind === 'struct' && type.kind === 'struct')
    return { ...type, fields: type.fields.map((field, index) => mark(field, read.fields[index]?.type)) };
  return type;
}
