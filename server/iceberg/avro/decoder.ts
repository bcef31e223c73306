import { AvroDecodeError, type AvroCursor } from './cursor.ts';
import { fixed, primitive, type Decode, type Find, type Json, type Reader } from './reader.ts';

/**
 * Which fields to read, by Iceberg field id, and what to call them; others are skipped without being made.
 * `place`: not its value but where it is, as a position of the cursor, or null where it is null.
 */
export interface Projection {
  readonly [fieldId: number]:
    | string
    | { readonly as: string; readonly fields: Shape }
    | { readonly as: string; readonly place: true };
}

/** How to read, later, a field of which a projection gave the place. */
export interface PlacedReader {
  readonly decode: Decode;
  readonly skip: (cursor: AvroCursor) => void;
  readonly find: Find;
}

/** What stands for a record's value: named by a projection, or a Map of everything by field id. */
type Shape = Projection | 'by-id';

const MAX_DEPTH = 64;
/** More than any real schema; stops one that names its types over and over. */
const MAX_NODES = 100_000;

/**
 * Compiles a writer's schema into a decoder of its records, resolved by field id, as Iceberg has it: names
 * are the writer's own affair. Long → bigint, decimal → bigint (unscaled), uuid → text, maps with integer
 * keys → Map; the values are those of `IcebergValue`.
 *
 * @param shape 'by-id': every field, as a Map by field id
 * @throws AvroDecodeError when the schema is not one.
 */
export function compileDecoder(schema: unknown, shape: Shape): Decode {
  return new SchemaCompiler().compile(schema, shape, 0).decode;
}

/** As compileDecoder, with the readers of the fields of which the projection asks for the place. */
export function compilePlacing(
  schema: unknown,
  projection: Projection,
): { readonly decode: Decode; readonly placed: ReadonlyMap<string, PlacedReader> } {
  const compiler = new SchemaCompiler();
  const { decode } = compiler.compile(schema, projection, 0);
  return { decode, placed: compiler.placed };
}

class SchemaCompiler {
  readonly placed = new Map<string, PlacedReader>();
  private readonly named = new Map<string, Json>();
  private nodes = 0;

  compile(schema: unknown, shape: Shape, depth: number): Reader {
    this.nodes += 1;
    if (depth > MAX_DEPTH || this.nodes > MAX_NODES)
      throw new AvroDecodeError('its schema is nested too deep or contains itself');
    if (typeof schema === 'string') {
      const known = this.named.get(schema) ?? this.named.get(schema.slice(schema.lastIndexOf('.') + 1));
      return known === undefined ? primitive(schema, {}) : this.compile(known, shape, depth + 1);
    }
    if (Array.isArray(schema)) return this.union(schema, shape, depth);
    if (typeof schema !== 'object' || schema === null) throw new AvroDecodeError('its schema is not one');
    const json = schema as Json;
    switch (json['type']) {
      case 'record':
        this.remember(json);
        return this.record(json, shape, depth);
      case 'fixed':
        this.remember(json);
        return fixed(json);
      case 'enum':
        throw new AvroDecodeError('its schema has an enum, which Iceberg does not use');
      case 'array':
        return this.array(json, shape, depth);
      case 'map':
        return this.textMap(json, depth);
      default:
        return typeof json['type'] === 'string' && !this.named.has(json['type'])
          ? primitive(json['type'], json)
          : this.compile(json['type'], shape, depth + 1);
    }
  }

  private remember(json: Json): void {
    if (typeof json['name'] === 'string') this.named.set(json['name'], json);
  }

  private record(json: Json, shape: Shape, depth: number): Reader {
    if (!Array.isArray(json['fields'])) throw new AvroDecodeError('its schema has a record without fields');
    const seen = new Set<number>();
    const fields = (json['fields'] as Json[]).map((field) => {
      const id = typeof field['field-id'] === 'number' ? field['field-id'] : -1;
      if (id >= 0 && seen.has(id)) throw new AvroDecodeError(`its schema has two fields of the id ${id}`);
      seen.add(id);
      const wanted = shape === 'by-id' ? undefined : shape[id];
      const inner = typeof wanted === 'object' && 'fields' in wanted ? wanted.fields : 'by-id';
      const reader = this.compile(field['type'], inner, depth + 1);
      if (typeof wanted !== 'object') return { id, as: wanted, reader };
      if ('fields' in wanted) return { id, as: wanted.as, reader };
      const { decode, skip, find = () => undefined } = reader;
      this.placed.set(wanted.as, { decode, skip, find });
      return { id, as: wanted.as, reader: { ...reader, decode: reader.place ?? placeOf(reader) } };
    });
    const minSize = fields.reduce((sum, { reader }) => sum + reader.minSize, 0);
    const skip = (cursor: AvroCursor) => {
      for (const { reader } of fields) reader.skip(cursor);
    };
    if (shape === 'by-id') {
      const decode = (cursor: AvroCursor) => {
        const values = new Map<number, unknown>();
        for (const { id, reader } of fields) values.set(id, reader.decode(cursor));
        return values;
      };
      return { decode, skip, minSize };
    }
    const decode = (cursor: AvroCursor) => {
      const values: Record<string, unknown> = {};
      for (const { as, reader } of fields) {
        if (as === undefined) reader.skip(cursor);
        else values[as] = reader.decode(cursor);
      }
      return values;
    };
    return { decode, skip, minSize };
  }

  private union(branches: readonly unknown[], shape: Shape, depth: number): Reader {
    const readers = branches.map((branch) => this.compile(branch, shape, depth + 1));
    const pick = (cursor: AvroCursor): Reader => {
      const index = cursor.small();
      const reader = readers[index];
      if (reader === undefined)
        throw new AvroDecodeError(`a union of ${readers.length} has no branch ${index}`);
      return reader;
    };
    return {
      decode: (cursor) => pick(cursor).decode(cursor),
      skip: (cursor) => pick(cursor).skip(cursor),
      minSize: 1,
      place: (cursor) => {
        const start = cursor.position;
        const reader = pick(cursor);
        reader.skip(cursor);
        return reader.wire === 'null' ? null : start;
      },
      find: (cursor, key) => pick(cursor).find?.(cursor, key),
    };
  }

  private array(json: Json, shape: Shape, depth: number): Reader {
    const items = json['items'];
    if (json['logicalType'] === 'map') return this.idMap(items, depth);
    const reader = this.compile(items, shape, depth + 1);
    return {
      decode: (cursor) => {
        const values: unknown[] = [];
        cursor.items(reader.minSize, () => values.push(reader.decode(cursor)));
        return values;
      },
      skip: (cursor) => cursor.items(reader.minSize, () => reader.skip(cursor)),
      minSize: 1,
    };
  }

  /** Iceberg's maps are arrays of (key, value) records; BigQuery lets the records be null. */
  private idMap(items: unknown, depth: number): Reader {
    const branches: readonly unknown[] = Array.isArray(items) ? items : [items];
    const pairs = branches.map((branch) => {
      const fields = (branch as Json | null)?.['fields'];
      if (!Array.isArray(fields) || fields.length !== 2) return null;
      const [key, value] = (fields as Json[]).map((field) => this.compile(field['type'], 'by-id', depth + 1));
      return key === undefined || value === undefined ? null : { key, value };
    });
    if (pairs.every((pair) => pair === null))
      throw new AvroDecodeError('its schema has a map without key and value');
    const first = pairs[0] ?? null;
    const minSize = branches.length > 1 || first === null ? 1 : first.key.minSize + first.value.minSize;
    const pick = (cursor: AvroCursor) => {
      const index = branches.length > 1 ? cursor.small() : 0;
      const pair = pairs[index];
      if (pair === undefined) throw new AvroDecodeError(`a union of ${pairs.length} has no branch ${index}`);
      return pair;
    };
    return {
      decode: (cursor) => {
        const entries = new Map<unknown, unknown>();
        cursor.items(minSize, () => {
          const pair = pick(cursor);
          if (pair === null) return;
          const key = pair.key.decode(cursor);
          entries.set(key, pair.value.decode(cursor));
        });
        return entries;
      },
      skip:
        branches.length === 1 && first !== null
          ? skipPairs(first, minSize)
          : (cursor) =>
              cursor.items(minSize, () => {
                const pair = pick(cursor);
                pair?.key.skip(cursor);
                pair?.value.skip(cursor);
              }),
      minSize: 1,
      find: (cursor, wanted) => {
        let found: unknown;
        cursor.items(minSize, () => {
          const pair = pick(cursor);
          if (pair === null) return;
          // The last one wins, as in the map.
          if (pair.key.decode(cursor) === wanted) found = pair.value.decode(cursor);
          else pair.value.skip(cursor);
        });
        return found;
      },
    };
  }

  private textMap(json: Json, depth: number): Reader {
    const value = this.compile(json['values'], 'by-id', depth + 1);
    return {
      decode: (cursor) => {
        const entries = new Map<string, unknown>();
        cursor.items(1 + value.minSize, () => {
          const key = cursor.text();
          entries.set(key, value.decode(cursor));
        });
        return entries;
      },
      skip: (cursor) =>
        cursor.items(1 + value.minSize, () => {
          cursor.skip(cursor.length());
          value.skip(cursor);
        }),
      minSize: 1,
    };
  }
}

function placeOf(reader: Reader): (cursor: AvroCursor) => number {
  return (cursor) => {
    const start = cursor.position;
    reader.skip(cursor);
    return start;
  };
}

/** Most of a manifest is maps of metrics, most of which nobody asks for: these are passed by quickly. */
function skipPairs(pair: { key: Reader; value: Reader }, minSize: number): (cursor: AvroCursor) => void {
  const { key, value } = pair;
  if (key.wire === 'varint' && value.wire === 'varint')
    return (cursor) =>
      cursor.items(minSize, () => {
        cursor.skipVarint();
        cursor.skipVarint();
      });
  if (key.wire === 'varint' && value.wire === 'bytes')
    return (cursor) =>
      cursor.items(minSize, () => {
        cursor.skipVarint();
        cursor.skip(cursor.length());
      });
  return (cursor) =>
    cursor.items(minSize, () => {
      key.skip(cursor);
      value.skip(cursor);
    });
}
