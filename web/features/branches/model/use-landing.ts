import { useState } from 'react';
import type { LandResult, MergeConflictInfo } from '#shared/contract/merges.ts';
import { useRehearsal, type Landing } from '../api/land.ts';
import type { Choice } from './conflict-text.ts';

export interface LandingPlan {
  /** What would happen, with what is decided so far; undefined before the first answer. */
  readonly result: LandResult | undefined;
  readonly error: Error | null;
  /** The result is that of another question; the answer is on its way. */
  readonly stale: boolean;
  readonly conflicts: readonly MergeConflictInfo[];
  readonly choices: ReadonlyMap<string, Choice>;
  readonly choose: (key: string, choice: Choice) => void;
  readonly chooseAll: (choice: Choice) => void;
  readonly reset: () => void;
  /** It would land as it is. */
  readonly ready: boolean;
  /** With the choices, and only where the branch still is what was tried out. */
  readonly landing: Landing;
}

/** A merge, pick or revert as it is tried out: its conflicts, and what is chosen for each. */
export function useLanding(bare: Landing): LandingPlan {
  const [choices, setChoices] = useState<ReadonlyMap<string, Choice>>(new Map());
  // Without choices it says what has to be decided; with them, whether all is.
  const undecided = useRehearsal(bare);
  const conflicts = undecided.data?.conflicts ?? [];
  const decided = conflicts.length > 0 && conflicts.every(({ key }) => choices.has(key));
  const chosen = withRequest(bare, {
    choices: conflicts.flatMap(({ key }) => {
      const choice = choices.get(key);
      return choice === undefined ? [] : [{ key, choice }];
    }),
  });
  const tried = useRehearsal(chosen, decided);
  const rehearsal = decided ? tried : undecided;
  const { data: result, isPlaceholderData: stale } = rehearsal;
  const expected = result === undefined ? {} : { expectedHash: result.before };
  return {
    result,
    error: rehearsal.error,
    stale,
    conflicts,
    choices,
    choose: (key, choice) => setChoices(new Map(choices).set(key, choice)),
    chooseAll: (choice) =>
      setChoices(
        new Map(
          conflicts.flatMap(({ key, choices: open }) =>
            open.includes(choice) ? [[key, choice] as const] : [],
          ),
        ),
      ),
    reset: () => setChoices(new Map()),
    ready: !stale && (result?.outcome === 'COMMITTED' || result?.outcome === 'FAST_FORWARD'),
    landing: withRequest(chosen, expected),
  };
}

/** The same landing with more said in its request. */
export function withRequest(
  landing: Landing,
  more: Pick<Landing['request'], 'choices' | 'expectedHash' | 'message'>,
): Landing {
  return landing.kind === 'merge'
    ? { ...landing, request: { ...landing.request, ...more } }
    : { ...landing, request: { ...landing.request, ...more } };
}
