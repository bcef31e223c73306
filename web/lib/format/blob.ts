import { formatBytes } from './bytes.ts';

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** `0x0aff…`, all of it or the first `limit` bytes. */
export function toHex(bytes: Uint8Array, limit = Infinity): string {
  let text = '0x';
  const end = Math.min(bytes.length, limit);
  for (let i = 0; i < end; i++) text += HEX[bytes[i] ?? 0] ?? '';
  return end < bytes.length ? `${text}…` : text;
}

/** What a cell shows of a BLOB: its first 8 bytes and how long it is. */
export function formatBlob(bytes: Uint8Array): string {
  return `${toHex(bytes, 8)} · ${formatBytes(bytes.length)}`;
}
