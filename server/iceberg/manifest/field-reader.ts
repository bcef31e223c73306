import { AppError } from '#shared/errors/app-error.ts';

/** Fields of a decoded Avro record, whose writer's schema may have given them any type. */
export class FieldReader {
  private readonly values: Readonly<Record<string, unknown>>;
  private readonly file: string;
  private readonly what: string;
  readonly index: number;

  /** @param what is numbered by `index`: 'entry' or 'manifest' */
  constructor(values: Readonly<Record<string, unknown>>, file: string, what: string, index: number) {
    this.values = values;
    this.file = file;
    this.what = what;
    this.index = index;
  }

  fail(name: string, what: string): never {
    throw new AppError(
      'CORRUPT_FILE',
      `${this.file} is damaged: '${name}' of its ${this.what} ${this.index} ${what}.`,
      {
        context: { source: this.file, field: name },
      },
    );
  }

  missing(name: string): never {
    return this.fail(name, 'is missing');
  }

  text(name: string): string {
    return this.optionalText(name) ?? this.missing(name);
  }

  optionalText(name: string): string | undefined {
    const value = this.values[name] ?? undefined;
    if (value === undefined || typeof value === 'string') return value;
    return this.fail(name, 'is not text');
  }

  long(name: string): bigint {
    return this.optionalLong(name) ?? this.missing(name);
  }

  /** Some writers use int where the spec has long. */
  optionalLong(name: string): bigint | undefined {
    const value = this.values[name] ?? undefined;
    if (value === undefined || typeof value === 'bigint') return value;
    return typeof value === 'number' && Number.isInteger(value)
      ? BigInt(value)
      : this.fail(name, 'is no integer');
  }

  int(name: string): number {
    return this.optionalInt(name) ?? this.missing(name);
  }

  optionalInt(name: string): number | undefined {
    const value = this.optionalLong(name);
    if (value === undefined) return undefined;
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : this.fail(name, `is ${value}`);
  }

  /** Where a field is that was not read itself. */
  optionalPlace(name: string): number | undefined {
    const place = this.values[name];
    return typeof place === 'number' ? place : undefined;
  }

  boolean(name: string): boolean {
    return this.optionalBoolean(name) ?? this.missing(name);
  }

  optionalBoolean(name: string): boolean | undefined {
    const value = this.values[name] ?? undefined;
    return value === undefined || typeof value === 'boolean'
      ? value
      : this.fail(name, 'is not true or false');
  }

  optionalBytes(name: string): Uint8Array | undefined {
    const value = this.values[name] ?? undefined;
    return value === undefined || value instanceof Uint8Array ? value : this.fail(name, 'is not bytes');
  }

  /** One of a list of names that the file has by number. */
  choice<T>(name: string, choices: readonly T[]): T {
    const index = this.int(name);
    return choices[index] ?? this.fail(name, `is ${index}, which means nothing`);
  }

  record(name: string): FieldReader {
    const value = this.values[name];
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return this.missing(name);
    return new FieldReader(value as Readonly<Record<string, unknown>>, this.file, this.what, this.index);
  }

  records(name: string): readonly FieldReader[] | undefined {
    const value = this.values[name] ?? undefined;
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) return this.fail(name, 'is no list');
    return value.map((item) =>
      new FieldReader({ item: item as unknown }, this.file, this.what, this.index).record('item'),
    );
  }

  /** Some writers use int where the spec has long, and the other way round. */
  optionalLongs(name: string): readonly bigint[] | undefined {
    const value = this.values[name] ?? undefined;
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) return this.fail(name, 'is no list');
    return value.map((item: unknown) => {
      if (typeof item === 'bigint') return item;
      return Number.isInteger(item)
        ? BigInt(item as number)
        : this.fail(name, 'has a value that is no integer');
    });
  }
}
