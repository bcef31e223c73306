import type { KeyboardEvent } from 'react';
import type { MergeRequestInfo } from '#shared/contract/merge-requests.ts';
import { RelativeTime } from '#web/components/relative-time.tsx';
import { BranchPath, RequestBadge } from './request-badge.tsx';

interface RequestRowProps {
  readonly request: MergeRequestInfo;
  readonly onOpen: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

export function RequestRow({ request, onOpen, onKeyDown }: RequestRowProps) {
  const { id, title, source, target, status, author, updatedAt } = request;
  return (
    <tr className="relative h-7 border-b hover:bg-hover focus-within:bg-hover">
      <th scope="row" className="truncate pl-4 text-left font-normal">
        {/* The whole row is the button's target. */}
        <button
          type="button"
          title={title}
          aria-label={`${title}, #${id}`}
          onClick={onOpen}
          onKeyDown={onKeyDown}
          className="flex max-w-full min-w-0 gap-2 rounded-sm after:absolute after:inset-0"
        >
          <span className="min-w-0 truncate font-medium">{title}</span>
          <span className="shrink-0 text-ink-3">#{id}</span>
        </button>
      </th>
      <td className="pl-4">
        <BranchPath source={source} target={target} />
      </td>
      <td className="truncate pl-4 text-ink-2" title={author}>
        {author}
      </td>
      <td className="truncate pl-4 text-ink-2">
        <RelativeTime time={updatedAt} className="relative" />
      </td>
      <td className="pr-4 pl-4">
        <RequestBadge status={status} />
      </td>
    </tr>
  );
}
