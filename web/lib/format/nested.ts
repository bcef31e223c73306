import type { CellValue } from '#web/lib/result-table.ts';
import { toHex } from './blob.ts';
import type { SqlType } from './duckdb-type.ts';
import { plainFloat } from './numbers.ts';
import {
  formatDate,
  formatTime,
  formatTimestamp,
  formatTimestampTz,
  formatTimestampUtc,
} from './temporal.ts';

export interface NestedOptions {
  /** Characters after which it stops with `…`: a cell needs a few hundred of a list of a million. */
  readonly limit?: number;
  /** Spaces per level; one line where absent. */
  readonly indent?: number;
  /** Instants in UTC, as a copy needs them, and not in local time, as a person reads them. */
  readonly utc?: boolean;
}

/**
 * A LIST, STRUCT or MAP as JSON whose integers and decimals are exact. A MAP with text keys is an object, any other
 * a list of [key, value]; temporal values, blobs (hex) and what JSON has no number for (NaN) are quoted.
 */
export function formatNested(value: CellValue, type: SqlType, options: NestedOptions = {}): string {
  const writer = new Writer(options);
  writer.value(value, type, 0);
  return writer.text();
}

class Writer {
  readonly #limit: number;
  readonly #indent: number;
  readonly #utc: boolean;
  #out = '';

  constructor(options: NestedOptions) {
    this.#limit = options.limit ?? Infinity;
    this.#indent = options.indent ?? 0;
    this.#utc = options.utc ?? false;
  }

  text(): string {
    return this.#full ? `${this.#out.slice(0, this.#limit)}…` : this.#out;
  }

  get #full(): boolean {
    return this.#out.length > this.#limit;
  }

  value(value: CellValue, type: SqlType | undefined, depth: number): void {
    if (Array.isArray(value)) {
      this.#array(value as readonly CellValue[], type, depth);
    } else if (value !== null && typeof value === 'object' && !(value instanceof Uint8Array)) {
      const fields = type?.kind === 'struct' ? type.fields : undefined;
      const entries = Object.entries(value as Readonly<Record<string, CellValue>>);
      this.#group('{', '}', entries, depth, ([name, item]) => {
        this.#key(name);
        this.value(item, fields?.get(name), depth + 1);
      });
    } else {
      this.#out += scalarJson(value, type, this.#utc);
    }
  }

  #array(items: readonly CellValue[], type: SqlType | undefined, depth: number): void {
    if (type?.kind === 'map' && type.key.kind === 'text') {
      this.#group('{', '}', items, depth, (pair) => {
        const [key, item] = pair as readonly CellValue[];
        this.#key(key as string);
        this.value(item ?? null, type.value, depth + 1);
      });
      return;
    }
    this.#group('[', ']', items, depth, (item) => {
      if (type?.kind === 'map') {
        const [key, mapped] = item as readonly CellValue[];
        this.#group('[', ']', [0, 1], depth + 1, (at) =>
          this.value((at === 0 ? key : mapped) ?? null, at === 0 ? type.key : type.value, depth + 2),
        );
      } else {
        this.value(item, type?.kind === 'list' ? type.element : undefined, depth + 1);
      }
    });
  }

  #key(name: string): void {
    this.#out += `${JSON.stringify(name)}: `;
  }

  #group<T>(open: string, close: string, items: readonly T[], depth: number, write: (item: T) => void): void {
    this.#out += open;
    for (const [at, item] of items.entries()) {
      if (this.#full) return;
      if (at > 0) this.#out += this.#indent ? ',' : ', ';
      this.#newLine(depth + 1);
      write(item);
    }
    if (items.length > 0) this.#newLine(depth);
    this.#out += close;
  }

  #newLine(depth: number): void {
    if (this.#indent) this.#out += `\n${' '.repeat(this.#indent * depth)}`;
  }
}

function scalarJson(value: CellValue, type: SqlType | undefined, utc: boolean): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (value instanceof Uint8Array) return JSON.stringify(toHex(value));
  if (typeof value === 'string') return type?.kind === 'decimal' ? value : JSON.stringify(value);
  const temporal = type && temporalText(value as number | bigint, type, utc);
  if (temporal !== undefined) return JSON.stringify(temporal);
  if (typeof value === 'bigint') return String(value);
  const text = plainFloat(value as number, type?.kind === 'float' && type.single);
  return Number.isFinite(value) ? text : JSON.stringify(text);
}

/** The text of a temporal value, or undefined where the type is not temporal. */
export function temporalText(value: number | bigint, type: SqlType, utc: boolean): string | undefined {
  switch (type.kind) {
    case 'date':
      return formatDate(Number(value));
    case 'time':
      return formatTime(BigInt(value));
    case 'timestamp':
      return formatTimestamp(BigInt(value));
    case 'timestamptz':
      return utc ? formatTimestampUtc(BigInt(value)) : formatTimestampTz(BigInt(value));
    default:
      return undefined;
  }
}
