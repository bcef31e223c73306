/** What a key does to the selected cell while nothing is being typed. */
export type CellCommand =
  | 'next'
  | 'previous'
  | 'first'
  | 'last'
  | 'edit'
  | 'run'
  | 'run-next'
  | 'insert-above'
  | 'insert-below'
  | 'to-markdown'
  | 'to-sql'
  | 'remove'
  | 'undo'
  | 'redo'
  | 'collapse'
  | 'enlarge'
  | 'run-to-here'
  | 'move-up'
  | 'move-down'
  | 'toggle-view'
  | 'snapshot'
  | 'stop';

export interface KeyPress {
  readonly key: string;
  readonly mod: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
}

const PLAIN: Readonly<Record<string, CellCommand>> = {
  j: 'next',
  ArrowDown: 'next',
  k: 'previous',
  ArrowUp: 'previous',
  Home: 'first',
  End: 'last',
  Enter: 'edit',
  a: 'insert-above',
  b: 'insert-below',
  m: 'to-markdown',
  y: 'to-sql',
  z: 'undo',
  c: 'collapse',
  f: 'enlarge',
  u: 'run-to-here',
  g: 'toggle-view',
  s: 'snapshot',
  Escape: 'stop',
};

/**
 * @param pending the key of a combination that has begun ("d" of "d d"), or null
 * @returns the command, and what is pending now
 */
export function commandFor(
  press: KeyPress,
  pending: string | null,
): { command: CellCommand | null; pending: string | null } {
  const done = (command: CellCommand | null) => ({ command, pending: null });
  if (press.key.toLowerCase() === 'z' && (press.mod || press.shift) && !press.alt)
    return done(press.shift ? 'redo' : 'undo');
  if (press.key === 'Enter' && press.mod && !press.shift) return done('run');
  if (press.key === 'Enter' && press.shift) return done('run-next');
  if (press.alt && press.key === 'ArrowUp') return done('move-up');
  if (press.alt && press.key === 'ArrowDown') return done('move-down');
  if (press.mod || press.alt || press.shift) return done(null);
  if (press.key === 'd') return pending === 'd' ? done('remove') : { command: null, pending: 'd' };
  return done(PLAIN[press.key] ?? null);
}
