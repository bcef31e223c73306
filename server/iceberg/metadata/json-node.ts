import { AppError } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/codes.ts';
import { stringifyJson } from '#shared/util/json.ts';

/** What the JSON is part of, for messages: a file's location or the name of a request. */
export interface JsonSource {
  readonly name: string;
  readonly code: Extract<ErrorCode, 'CORRUPT_METADATA' | 'INVALID_INPUT'>;
}

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/** A value in foreign JSON and where it is, so that whatever is wrong with it is said with its field's path. */
export class JsonNode {
  readonly value: unknown;
  readonly path: string;
  readonly source: JsonSource;

  constructor(value: unknown, source: JsonSource, path = '') {
    this.value = value;
    this.source = source;
    this.path = path;
  }

  fail(what: string): never {
    const where = this.path === '' ? 'its top level' : `field '${this.path}'`;
    throw new AppError(this.source.code, `${this.source.name} is not valid: ${where} ${what}.`, {
      context: { source: this.source.name, field: this.path },
    });
  }

  /** A member that must be there. */
  get(name: string): JsonNode {
    const member = this.optional(name);
    if (member === null) return this.at(name, undefined).fail('is missing');
    return member;
  }

  /** A member, or null where it is absent or JSON null. */
  optional(name: string): JsonNode | null {
    const object = this.object();
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    return value === undefined || value === null ? null : this.at(name, value);
  }

  object(): Readonly<Record<string, unknown>> {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value)) {
      return this.expected('an object');
    }
    return this.value as Readonly<Record<string, unknown>>;
  }

  list(): readonly JsonNode[] {
    if (!Array.isArray(this.value)) return this.expected('a list');
    return this.value.map((item, index) => new JsonNode(item, this.source, `${this.path}[${index}]`));
  }

  entries(): readonly (readonly [string, JsonNode])[] {
    return Object.entries(this.object()).map(([name, value]) => [name, this.at(name, value)]);
  }

  text(): string {
    if (typeof this.value !== 'string') return this.expected('text');
    return this.value;
  }

  boolean(): boolean {
    if (typeof this.value !== 'boolean') return this.expected('true or false');
    return this.value;
  }

  /** An integer that a JavaScript number holds exactly: ids, counts, milliseconds. */
  int(): number {
    if (typeof this.value !== 'number' || !Number.isSafeInteger(this.value))
      return this.expected('an integer');
    return this.value;
  }

  long(): bigint {
    if (typeof this.value === 'bigint' && this.value >= INT64_MIN && this.value <= INT64_MAX)
      return this.value;
    if (typeof this.value === 'number' && Number.isSafeInteger(this.value)) return BigInt(this.value);
    return this.expected('a 64-bit integer');
  }

  oneOf<const T extends string>(...choices: readonly T[]): T {
    const found = choices.find((choice) => choice === this.value);
    return found ?? this.expected(`one of ${choices.join(', ')}`);
  }

  /** Values that are numbers or booleans, as some writers have them, are written out as text. */
  textMap(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.entries().map(([name, node]) => [name, node.scalarText()]));
  }

  /** Runs a parser of the shared layer, whose errors know nothing of files, and says where it failed. */
  within<T>(parse: () => T): T {
    try {
      return parse();
    } catch (error) {
      // What has a place already came from a node further in.
      if (error instanceof AppError && error.context['field'] === undefined)
        return this.fail(`is wrong: ${error.message}`);
      throw error;
    }
  }

  private scalarText(): string {
    const value = this.value;
    if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
      return String(value);
    return this.text();
  }

  private at(name: string, value: unknown): JsonNode {
    return new JsonNode(value, this.source, this.path === '' ? name : `${this.path}.${name}`);
  }

  private expected(what: string): never {
    const shown = stringifyJson(this.value);
    return this.fail(`must be ${what}, but is ${shown.length > 80 ? `${shown.slice(0, 80)}…` : shown}`);
  }
}
