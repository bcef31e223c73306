import { AppError } from '../errors/app-error.ts';

/** A DuckDB type's text taken apart. `name` is canonical and upper case. */
export type DuckDbType =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'list'; readonly element: DuckDbType }
  | { readonly kind: 'map'; readonly key: DuckDbType; readonly value: DuckDbType }
  | {
      readonly kind: 'struct';
      readonly fields: readonly { readonly name: string; readonly type: DuckDbType }[];
    };

const ALIASES = new Map<string, string>(
  Object.entries({
    BOOLEAN: 'BOOL LOGICAL',
    TINYINT: 'INT1',
    SMALLINT: 'INT2 INT16 SHORT',
    INTEGER: 'INT INT4 INT32 INTEGRAL SIGNED',
    BIGINT: 'INT8 INT64 LONG OID',
    HUGEINT: 'INT128',
    UTINYINT: 'UINT8',
    USMALLINT: 'UINT16',
    UINTEGER: 'UINT32',
    UBIGINT: 'UINT64',
    UHUGEINT: 'UINT128',
    FLOAT: 'FLOAT4 REAL',
    DOUBLE: 'FLOAT8',
    VARCHAR: 'STRING TEXT CHAR BPCHAR NVARCHAR',
    BLOB: 'BINARY BYTEA VARBINARY',
    UUID: 'GUID',
    TIMESTAMP: 'DATETIME TIMESTAMP_US',
    'TIMESTAMP WITH TIME ZONE': 'TIMESTAMPTZ',
    'TIME WITH TIME ZONE': 'TIMETZ',
    DECIMAL: 'DEC NUMERIC',
    STRUCT: 'ROW',
  }).flatMap(([name, aliases]) => aliases.split(' ').map((alias): [string, string] => [alias, name])),
);

/** Deeper than any real type; stops text that only nests. */
const MAX_DEPTH = 64;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;

/**
 * Reads a type as DuckDB prints it, and the aliases it accepts.
 *
 * @throws INVALID_INPUT with the text when it is no type.
 */
export function parseDuckDbType(text: string): DuckDbType {
  let at = 0;

  const fail = (): never => {
    throw new AppError('INVALID_INPUT', `'${text}' is not a DuckDB type (at position ${at + 1}).`, {
      context: { type: text, position: at },
    });
  };
  const space = () => {
    while (/\s/.test(text[at] ?? '')) at += 1;
  };
  const accept = (token: string): boolean => {
    space();
    if (!text.startsWith(token, at)) return false;
    at += token.length;
    return true;
  };
  const expect = (token: string): void => {
    if (!accept(token)) fail();
  };
  const word = (): string => {
    space();
    WORD.lastIndex = at;
    const found = WORD.exec(text)?.[0] ?? fail();
    at += found.length;
    return found;
  };
  const integer = (): number => {
    space();
    const found = /^\d{1,9}/.exec(text.slice(at, at + 9))?.[0] ?? fail();
    at += found.length;
    return Number(found);
  };
  const quoted = (mark: string): string => {
    expect(mark);
    let value = '';
    for (;;) {
      const end = text.indexOf(mark, at);
      if (end < 0) return fail();
      value += text.slice(at, end);
      at = end + 1;
      if (text[at] !== mark) return value;
      value += mark;
      at += 1;
    }
  };
  const fieldName = (): string => {
    space();
    return text[at] === '"' ? quoted('"') : word();
  };
  const commaSeparated = <T>(item: () => T): T[] => {
    expect('(');
    const items = [item()];
    while (accept(',')) items.push(item());
    expect(')');
    return items;
  };
  const zone = (): string => {
    const start = at;
    if (/^\s+with\s+time\s+zone\b/i.test(text.slice(at))) {
      at += /^\s+with\s+time\s+zone/i.exec(text.slice(start))?.[0].length ?? 0;
      return ' WITH TIME ZONE';
    }
    return '';
  };

  const base = (depth: number): DuckDbType => {
    space();
    if (text[at] === '"') return { kind: 'name', name: quoted('"').toUpperCase() };
    const upper = word().toUpperCase();
    const name = ALIASES.get(upper) ?? upper;
    switch (name) {
      case 'STRUCT':
        return {
          kind: 'struct',
          fields: commaSeparated(() => ({ name: fieldName(), type: type(depth + 1) })),
        };
      case 'MAP': {
        expect('(');
        const key = type(depth + 1);
        expect(',');
        const value = type(depth + 1);
        expect(')');
        return { kind: 'map', key, value };
      }
      case 'DECIMAL': {
        const given = text[at] === '(' ? commaSeparated(integer) : [18, 3];
        const [precision = 18, scale = 0] = given;
        if (given.length > 2 || precision < 1 || precision > 38 || scale > precision) fail();
        return { kind: 'decimal', precision, scale };
      }
      case 'ENUM':
        commaSeparated(() => (space(), quoted("'")));
        return { kind: 'name', name };
      case 'UNION':
        commaSeparated(() => ({ name: fieldName(), type: type(depth + 1) }));
        return { kind: 'name', name };
      case 'VARCHAR':
      case 'GEOMETRY':
        if (text[at] === '(') at = text.indexOf(')', at) + 1 || fail();
        return { kind: 'name', name };
      case 'TIME':
      case 'TIMESTAMP':
        return { kind: 'name', name: `${name}${zone()}` };
      default:
        return { kind: 'name', name };
    }
  };
  const type = (depth: number): DuckDbType => {
    if (depth > MAX_DEPTH) fail();
    let found = base(depth);
    while (accept('[')) {
      space();
      if (text[at] !== ']') integer();
      expect(']');
      found = { kind: 'list', element: found };
    }
    return found;
  };

  const parsed = type(0);
  space();
  if (at < text.length) fail();
  return parsed;
}
