const grouped = new Intl.NumberFormat('en-US');

/** 1234567 → "1,234,567". Takes the API's 64-bit integers in decimal digits too. */
export function formatCount(value: number | bigint | string): string {
  return grouped.format(typeof value === 'string' ? BigInt(value) : value);
}

/** "1 row", "2 rows", "3,000,000 rows". */
export function formatQuantity(value: number | bigint | string, one: string, many = `${one}s`): string {
  return `${formatCount(value)} ${String(value) === '1' ? one : many}`;
}

const BYTE_UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

/** Powers of 1000: 64512345 → "64.5 MB". The exact value belongs in the tooltip (formatExactBytes). */
export function formatBytes(value: number | bigint | string): string {
  let size = Number(value);
  let unit = 0;
  while (Math.abs(size) >= 999.5 && unit < BYTE_UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || Math.abs(size) >= 99.95 ? 0 : 1;
  return `${size.toFixed(digits)} ${BYTE_UNITS[unit] ?? 'B'}`;
}

export function formatExactBytes(value: number | bigint | string): string {
  return formatQuantity(value, 'byte');
}

/** Milliseconds for people: 8 → "8 ms", 1240 → "1.24 s", 184000 → "3 min 4 s". */
export function formatDuration(ms: number): string {
  if (ms < 1) return '< 1 ms';
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(ms < 9_995 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

const dayAndTime = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const dayYearAndTime = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});

/** Local time: "3 Nov 14:02", with the year where it is not this one. */
export function formatTime(time: Date | string, now: Date = new Date()): string {
  const date = new Date(time);
  const format = date.getFullYear() === now.getFullYear() ? dayAndTime : dayYearAndTime;
  return format.format(date).replace(',', '');
}

/** For the tooltip: "2026-11-03 14:02:11 UTC". */
export function formatUtc(time: Date | string): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** "just now", "4 min ago", "3 h ago", then the time itself. */
export function formatAgo(time: Date | string, now: Date = new Date()): string {
  const minutes = Math.floor((now.getTime() - new Date(time).getTime()) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return formatTime(time, now);
}

/** The first 8 digits of a commit hash. */
export function shortHash(hash: string): string {
  return hash.slice(0, 8);
}
