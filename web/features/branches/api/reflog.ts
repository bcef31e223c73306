import { infiniteQueryOptions, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { AppError } from '#shared/errors/app-error.ts';
import {
  reflogPage,
  restoreResult,
  type ReflogEntryInfo,
  type ReflogPage,
  type RestoreResult,
} from '#shared/contract/refs.ts';
import { requestJson } from '#web/lib/api-client.ts';
import { useRefreshRefs } from '#web/lib/refresh-refs.ts';

const PAGE = 100;

function getReflog(
  ref: string | undefined,
  cursor: string | undefined,
  signal?: AbortSignal,
): Promise<ReflogPage> {
  return requestJson(reflogPage, 'reflog', { query: { ref, limit: PAGE, cursor }, signal });
}

const reflogQuery = (ref: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['refs', 'reflog', ref],
    queryFn: ({ pageParam, signal }) => getReflog(ref, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });

/** Every move of a ref, or of all, newest first, page by page. */
export function useReflog(ref: string | undefined) {
  return useInfiniteQuery(reflogQuery(ref));
}

function restore({ id, ref }: Pick<ReflogEntryInfo, 'id' | 'ref'>): Promise<RestoreResult> {
  return requestJson(restoreResult, `reflog/${id}/restore`, {
    method: 'POST',
    body: { message: `Undone: a move of ${ref}` },
  });
}

/** Undoes a move: the ref stands again where it stood before it. */
export function useRestore() {
  const refresh = useRefreshRefs();
  return useMutation({ mutationFn: restore, onSuccess: refresh });
}

export interface Move {
  readonly ref: string;
  /** What the move left the ref at; null where it removed it. */
  readonly after: string | null;
}

async function undoMove({ ref, after }: Move): Promise<RestoreResult> {
  const { entries } = await getReflog(ref, undefined);
  const entry = entries[0];
  if (entry === undefined || entry.after !== after) {
    throw new AppError(
      'COMMIT_CONFLICT',
      `${ref} has moved on since. Its moves are under History: any of them can be undone there.`,
    );
  }
  return restore(entry);
}

/** Undoes what was just done, unless the ref has moved on. */
export function useUndoMove() {
  const refresh = useRefreshRefs();
  return useMutation({ mutationFn: undoMove, onSuccess: refresh });
}
