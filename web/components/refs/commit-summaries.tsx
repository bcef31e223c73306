import type { CommitSummary } from '#shared/contract/merges.ts';
import { CopyText } from '#web/components/copy-text.tsx';
import { RelativeTime } from '#web/components/relative-time.tsx';
import { shortHash } from '#web/lib/format/hashes.ts';

interface CommitSummariesProps {
  /** Newest first. */
  readonly commits: readonly CommitSummary[];
  readonly onOpen: (hash: string) => void;
}

/** Commits, one line each: message, who, when, hash. */
export function CommitSummaries({ commits, onOpen }: CommitSummariesProps) {
  return (
    <ul>
      {commits.map((commit) => (
        <li key={commit.hash} className="flex h-7 items-center gap-3 border-b px-4 hover:bg-hover">
          <button
            type="button"
            onClick={() => onOpen(commit.hash)}
            title={commit.message}
            className="min-w-0 flex-1 truncate rounded-sm text-left hover:text-accent-text hover:underline"
          >
            {commit.message}
          </button>
          <span className="max-w-32 shrink-0 truncate text-ink-2" title={commit.author}>
            {commit.author}
          </span>
          <RelativeTime time={commit.time} className="w-28 shrink-0 truncate text-ink-2" />
          <CopyText
            text={commit.hash}
            shown={shortHash(commit.hash)}
            what="commit hash"
            className="shrink-0"
          />
        </li>
      ))}
    </ul>
  );
}
