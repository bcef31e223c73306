/** `1234567n` → `1,234,567`. Exact for any size; text must be decimal digits with an optional sign. */
export function formatInteger(value: number | bigint | string): string {
  const digits = typeof value === 'string' ? value : String(value);
  return groupDigits(digits);
}

/** A DECIMAL's exact text with its thousands grouped; nothing is rounded and no zero is dropped. */
export function formatDecimal(exact: string): string {
  const dot = exact.indexOf('.');
  return dot < 0 ? groupDigits(exact) : groupDigits(exact.slice(0, dot)) + exact.slice(dot);
}

/**
 * The fewest digits that read back as the same float, thousands grouped.
 * @param single the column is a 32-bit FLOAT, so that 0.1 is not shown as 0.10000000149011612
 */
export function formatFloat(value: number, single = false): string {
  const text = plainFloat(value, single);
  return /[eINa]/.test(text) ? text : formatDecimal(text);
}

/** A float as a figure that is read: six digits, or as many as it takes to keep two decimals. */
export function formatFigure(value: number): string {
  if (!Number.isFinite(value)) return formatFloat(value);
  const whole = value === 0 ? 1 : Math.floor(Math.log10(Math.abs(value))) + 1;
  return formatFloat(Number(value.toPrecision(Math.min(15, Math.max(6, whole + 2)))));
}

/** As formatFloat, without grouping: for copying and for programs. */
export function plainFloat(value: number, single = false): string {
  if (!Number.isFinite(value)) return String(value);
  if (Object.is(value, -0)) return '-0';
  return (single ? shortestSingle(value) : String(value)).replace('e+', 'e');
}

function shortestSingle(value: number): string {
  for (let digits = 1; digits <= 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return String(candidate);
  }
  return String(value);
}

function groupDigits(digits: string): string {
  const sign = /^[-+]/.test(digits) ? digits.slice(0, 1) : '';
  const body = digits.slice(sign.length);
  if (body.length <= 3 || !/^\d+$/.test(body)) return digits;
  let grouped = '';
  for (let end = body.length; end > 0; end -= 3) {
    grouped = body.slice(Math.max(0, end - 3), end) + (grouped ? `,${grouped}` : '');
  }
  return sign + grouped;
}

/** For axes and summaries: `3.1M`, `42k`, `1.25`. Three significant digits; never for a value people copy. */
export function formatCompact(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  for (const [unit, factor] of COMPACT_UNITS) {
    if (size >= factor * 0.9995) return trimZeros((value / factor).toPrecision(3)) + unit;
  }
  if (size === 0) return '0';
  if (size < 1e-4) return plainFloat(Number(value.toPrecision(3)));
  return trimZeros(Number(value.toPrecision(3)).toFixed(size >= 100 ? 0 : 6));
}

const COMPACT_UNITS: readonly (readonly [string, number])[] = [
  ['T', 1e12],
  ['B', 1e9],
  ['M', 1e6],
  ['k', 1e3],
];

function trimZeros(text: string): string {
  return text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text;
}

/** `1 row`, `2,000 rows`. */
export function countOf(value: number | bigint | string, one: string, many = `${one}s`): string {
  return `${formatInteger(value)} ${String(value) === '1' ? one : many}`;
}
