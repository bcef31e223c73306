import { isNamed, isScalar, trinoType } from './bound-type.ts';
import type { Operand } from './expression.ts';
import { text } from './literal.ts';
import type { ScalarFunction } from './scalar-functions.ts';

const isText = (value: Operand | undefined): value is Operand =>
  value !== undefined && isNamed(value.type, 'VARCHAR');
const count = (value: Operand | undefined) =>
  typeof value?.constant === 'number' && value.constant >= 0 ? value.constant : null;
/** Of what is looked for: an empty one is found at other places. */
const needle = (value: Operand | undefined) =>
  typeof value?.constant === 'string' && value.constant !== '' ? value : null;

const onText =
  (made: (sql: string) => string): ScalarFunction =>
  ([value, ...more], result) =>
    isText(value) && more.length === 0 ? `CAST(${made(value.sql)} AS ${trinoType(result)})` : null;

const join: ScalarFunction = (args) =>
  args.every(isText) ? `(${args.map(({ sql }) => sql).join(' || ')})` : null;

/** NULLs do not count. */
const concat: ScalarFunction = (args) =>
  args.every(isText) ? `concat_ws('', ${args.map(({ sql }) => sql).join(', ')})` : null;

const concatWith: ScalarFunction = (args) =>
  args.every(isText) && args.length > 1 ? `concat_ws(${args.map(({ sql }) => sql).join(', ')})` : null;

const left: ScalarFunction = ([value, length]) => {
  const most = count(length);
  return isText(value) && most !== null ? `substr(${value.sql}, 1, ${most})` : null;
};

const right: ScalarFunction = ([value, length]) => {
  const most = count(length);
  if (!isText(value) || most === null) return null;
  return `substr(${value.sql}, greatest(length(${value.sql}) - ${most - 1}, 1), ${most})`;
};

const substring: ScalarFunction = ([value, from, length]) => {
  const [start, most] = [count(from), count(length)];
  if (!isText(value) || start === null || start < 1) return null;
  if (length === undefined) return `substr(${value.sql}, ${start})`;
  return most === null ? null : `substr(${value.sql}, ${start}, ${most})`;
};

const pad =
  (name: string): ScalarFunction =>
  ([value, length, filler]) => {
    const most = count(length);
    const by = needle(filler);
    return isText(value) && most !== null && by !== null ? `${name}(${value.sql}, ${most}, ${by.sql})` : null;
  };

const replace: ScalarFunction = ([value, from, to]) => {
  const old = needle(from);
  return isText(value) && old !== null && isText(to) ? `replace(${value.sql}, ${old.sql}, ${to.sql})` : null;
};

const position: ScalarFunction = ([value, part], result) => {
  const wanted = needle(part);
  return isText(value) && wanted !== null
    ? `CAST(strpos(${value.sql}, ${wanted.sql}) AS ${trinoType(result)})`
    : null;
};

const contains: ScalarFunction = ([value, part]) => {
  const wanted = needle(part);
  return isText(value) && wanted !== null ? `(strpos(${value.sql}, ${wanted.sql}) > 0)` : null;
};

const startsWith: ScalarFunction = ([value, part]) => {
  const wanted = needle(part);
  return isText(value) && wanted !== null ? `starts_with(${value.sql}, ${wanted.sql})` : null;
};

const endsWith: ScalarFunction = ([value, part]) => {
  const wanted = needle(part);
  if (!isText(value) || wanted === null) return null;
  const pattern = `%${String(wanted.constant).replaceAll(/[\\%_]/g, String.raw`\$&`)}`;
  return `(${value.sql} LIKE ${text(pattern)} ESCAPE '\\')`;
};

const like =
  (word: string): ScalarFunction =>
  ([value, pattern, escape]) => {
    if (!isText(value) || typeof pattern?.constant !== 'string') return null;
    if (escape === undefined) return `(${value.sql} ${word} ${pattern.sql})`;
    return typeof escape.constant === 'string' && escape.constant.length === 1
      ? `(${value.sql} ${word} ${pattern.sql} ESCAPE ${escape.sql})`
      : null;
  };

/** NULL where any of the others is; else the first. */
const constantOrNull: ScalarFunction = ([value, ...others]) =>
  value !== undefined && isScalar(value.type)
    ? `IF(${others.map(({ sql }) => `${sql} IS NULL`).join(' OR ')}, NULL, ${value.sql})`
    : null;

export const TEXT_FUNCTIONS: readonly (readonly [string, ScalarFunction])[] = [
  ['upper', onText((sql) => `upper(${sql})`)],
  ['ucase', onText((sql) => `upper(${sql})`)],
  ['lower', onText((sql) => `lower(${sql})`)],
  ['lcase', onText((sql) => `lower(${sql})`)],
  ['length', onText((sql) => `length(${sql})`)],
  ['char_length', onText((sql) => `length(${sql})`)],
  ['character_length', onText((sql) => `length(${sql})`)],
  ['strlen', onText((sql) => `length(to_utf8(${sql}))`)],
  ['md5', onText((sql) => `lower(to_hex(md5(to_utf8(${sql}))))`)],
  ['sha256', onText((sql) => `lower(to_hex(sha256(to_utf8(${sql}))))`)],
  ['||', join],
  ['concat', concat],
  ['concat_ws', concatWith],
  ['left', left],
  ['right', right],
  ['substring', substring],
  ['substr', substring],
  ['lpad', pad('lpad')],
  ['rpad', pad('rpad')],
  ['replace', replace],
  ['position', position],
  ['strpos', position],
  ['instr', position],
  ['contains', contains],
  ['starts_with', startsWith],
  ['prefix', startsWith],
  ['ends_with', endsWith],
  ['suffix', endsWith],
  ['~~', like('LIKE')],
  ['like_escape', like('LIKE')],
  ['!~~', like('NOT LIKE')],
  ['not_like_escape', like('NOT LIKE')],
  ['constant_or_null', constantOrNull],
];
