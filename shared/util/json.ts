import { isInteger, isSafeNumber, parse, stringify } from 'lossless-json';

/**
 * The one JSON codec: integers beyond 2^53 - 1 are read as bigint and bigint is written as a plain integer,
 * so that Iceberg's 64-bit ids survive a round trip. Everything else is what JSON.parse gives.
 *
 * @throws SyntaxError with the position, when the text is not JSON.
 */
export function parseJson(text: string): unknown {
  return parse(text, null, parseNumber);
}

/** @param space as in JSON.stringify */
export function stringifyJson(value: unknown, space?: number): string {
  return stringify(value, null, space) ?? 'null';
}

function parseNumber(text: string): number | bigint {
  return isInteger(text) && !isSafeNumber(text) ? BigInt(text) : Number(text);
}
