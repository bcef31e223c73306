/** A time as `<input type="datetime-local">` wants it, in local time to the second: "2026-11-03T14:02:00". */
export function localDateTime(time: Date): string {
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}
