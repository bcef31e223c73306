import type { NotebookSchedule } from '#shared/contract/notebook-history.ts';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** When, in words: "Every Monday at 06:00 UTC". */
export function scheduleText({ every, minute, hour, weekday }: NotebookSchedule): string {
  if (every === 'hour') return `Every hour, ${minute === 0 ? 'on the hour' : `${minute} past`}`;
  const at = `${two(hour)}:${two(minute)} UTC`;
  return every === 'day' ? `Every day at ${at}` : `Every ${DAYS[weekday] ?? 'week'} at ${at}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
