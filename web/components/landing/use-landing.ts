import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { LandResult, MergeConflictInfo } from '#shared/contract/merges.ts';
import type { Choice } from './conflict-text.ts';

export interface Decision {
  readonly key: string;
  readonly choice: Choice;
}

interface LandingInput {
  /** What is tried out, as a query key: another one is tried anew. */
  readonly subject: unknown;
  /** Tells what would happen with these decisions. Changes nothing. */
  readonly rehearse: (decisions: Decision[], signal: AbortSignal) => Promise<LandResult>;
}

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
  /** What is chosen, as the API takes it. */
  readonly decisions: Decision[];
}

const rehearsalQuery = ({ subject, rehearse }: LandingInput, decisions: Decision[]) =>
  queryOptions({
    // Under "refs", so that it is tried anew when one of them moves.
    queryKey: ['refs', 'rehearsal', subject, decisions],
    queryFn: ({ signal }) => rehearse(decisions, signal),
    placeholderData: keepPreviousData,
  });

/** A merge, rebase, pick or revert as it is tried out: its conflicts, and what is chosen for each. */
export function useLanding(input: LandingInput): LandingPlan {
  const [choices, setChoices] = useState<ReadonlyMap<string, Choice>>(new Map());
  // Without choices it says what has to be decided; with them, whether all is.
  const undecided = useQuery(rehearsalQuery(input, []));
  const conflicts = undecided.data?.conflicts ?? [];
  const decided = conflicts.length > 0 && conflicts.every(({ key }) => choices.has(key));
  const decisions = conflicts.flatMap(({ key }) => {
    const choice = choices.get(key);
    return choice === undefined ? [] : [{ key, choice }];
  });
  const tried = useQuery({ ...rehearsalQuery(input, decisions), enabled: decided });
  const rehearsal = decided ? tried : undecided;
  const { data: result, isPlaceholderData: stale } = rehearsal;
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
    decisions,
  };
}
