import type { HookDelivery, HookEvent } from '#shared/contract/hooks.ts';
import type { Tone } from '#web/components/badge.tsx';

/** What happens, as the form has it: one line each, before and after. */
export const SUBJECTS = [
  { subject: 'commit', label: 'Commit' },
  { subject: 'merge', label: 'Merge, pick, revert or rebase' },
  { subject: 'branch', label: 'Branch made, moved or removed' },
  { subject: 'tag', label: 'Tag made, moved or removed' },
] as const;

/** "before commit, after merge": when a hook is asked or told. */
export function eventsText(events: readonly HookEvent[]): string {
  return events.map((event) => event.replace('pre-', 'before ').replace('post-', 'after ')).join(', ');
}

export const DELIVERY_STATES: Readonly<Record<HookDelivery['state'], { word: string; tone: Tone }>> = {
  WAITING: { word: 'waiting', tone: 'neutral' },
  DELIVERED: { word: 'delivered', tone: 'good' },
  FAILED: { word: 'failed', tone: 'bad' },
  VETOED: { word: 'refused', tone: 'warn' },
};

/** What came back, in a sentence. */
export function answerText({ state, status, problem, attempts }: HookDelivery): string {
  if (state === 'VETOED') return `It says no: ${problem ?? 'no reason given'}`;
  if (state === 'DELIVERED') return `It took it${status === null ? '' : `, with status ${status}`}.`;
  const why = problem ?? 'It was not sent yet.';
  return state === 'WAITING' && attempts > 0 ? `${why} It is tried again.` : why;
}

/** The body as it was sent, on lines of its own where it is JSON. */
export function prettyBody(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
