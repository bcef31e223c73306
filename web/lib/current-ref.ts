import { createContext, use } from 'react';
import { AppError } from '#shared/errors/app-error.ts';

/** Where the page reads: the one ref expression that the top bar shows and the URL carries as `ref`. */
export interface CurrentRef {
  /** e.g. `main`, `main@<hash>`, `main*2026-11-14T14:02:00.000Z`; see shared/refs/ref-expression.ts. */
  readonly expression: string;
  readonly defaultBranch: string;
  /** A commit, a time or a tag: nothing can be written here, and the page is tinted. */
  readonly readOnly: boolean;
  /** The address names a branch or tag that does not exist: nothing can be read either. */
  readonly missing: boolean;
  /** Goes there, keeping the page. The default branch's "now" leaves no trace in the URL. */
  readonly go: (expression: string) => void;
}

const Context = createContext<CurrentRef | null>(null);

export const CurrentRefProvider = Context.Provider;

export function useCurrentRef(): CurrentRef {
  const value = use(Context);
  if (value === null) throw new AppError('INTERNAL', 'useCurrentRef is used outside of the app shell.');
  return value;
}
