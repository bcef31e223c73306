/** A time on the clock of this page, to the second: "2026-11-03T14:02:00". */
export function localDateTime(time: Date): string {
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}
