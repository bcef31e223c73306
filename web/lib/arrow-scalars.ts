/** Two's complement, least significant word first, in `count` words of 32 bits from `start`. */
export function int128(words: Uint32Array, start: number, count: number, unsigned = false): bigint {
  let value = 0n;
  for (let at = count - 1; at >= 0; at--) value = (value << 32n) | BigInt(words[start + at] ?? 0);
  return unsigned ? value : BigInt.asIntN(count * 32, value);
}

/** The exact decimal of `unscaled` × 10^-scale, with all `scale` digits: 1250, 2 → 12.50. */
export function decimalText(unscaled: bigint, scale: number): string {
  if (scale <= 0) return unscaled.toString();
  const sign = unscaled < 0n ? '-' : '';
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

export function uuidText(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** DuckDB keeps a BIT as one byte that says how many leading bits are padding, then the bits. */
export function bitText(bytes: Uint8Array): string {
  const [padding = 0, ...rest] = bytes;
  return rest
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')
    .slice(padding);
}

/** An interval as DuckDB prints it: `1 year 2 months 3 days 04:05:06.5`, `-1 days`, `00:00:00`. */
export function intervalText(months: number, days: number, micros: bigint): string {
  const parts = [
    counted(Math.trunc(months / 12), 'year'),
    counted(months % 12, 'month'),
    counted(days, 'day'),
    micros === 0n ? '' : clock(micros),
  ].filter((part) => part !== '');
  return parts.length === 0 ? '00:00:00' : parts.join(' ');
}

function counted(count: number, unit: string): string {
  if (count === 0) return '';
  return `${count} ${unit}${count === 1 || count === -1 ? '' : 's'}`;
}

function clock(micros: bigint): string {
  const size = micros < 0n ? -micros : micros;
  const two = (value: bigint) => value.toString().padStart(2, '0');
  const fraction = (size % 1_000_000n).toString().padStart(6, '0').replace(/0+$/, '');
  return [
    micros < 0n ? '-' : '',
    two(size / 3_600_000_000n),
    ':',
    two((size / 60_000_000n) % 60n),
    ':',
    two((size / 1_000_000n) % 60n),
    fraction === '' ? '' : `.${fraction}`,
  ].join('');
}
