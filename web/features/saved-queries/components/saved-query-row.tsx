import { ChevronRight, FilePlus2, Link2, Pencil, Trash2 } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import type { SavedQuery } from '#shared/contract/saved-queries.ts';
import { Badge } from '#web/components/badge.tsx';
import { Button } from '#web/components/button.tsx';
import { RelativeTime } from '#web/components/relative-time.tsx';
import { cn } from '#web/lib/class-names.ts';

export interface SavedQueryActions {
  readonly onInsert: (query: SavedQuery) => void;
  readonly onEdit: (query: SavedQuery) => void;
  readonly onCopyLink: (query: SavedQuery) => void;
  readonly onDelete: (query: SavedQuery) => void;
}

interface SavedQueryRowProps extends SavedQueryActions {
  readonly query: SavedQuery;
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

export function SavedQueryRow({ query, open, onToggle, onKeyDown, ...actions }: SavedQueryRowProps) {
  const { name, kind, tags, owner, updatedAt, description } = query;
  return (
    <>
      <tr className={cn('relative h-8 hover:bg-hover focus-within:bg-hover', !open && 'border-b')}>
        <th scope="row" className="pl-2 text-left font-normal">
          {/* The whole row is the button's target. */}
          <button
            type="button"
            aria-expanded={open}
            aria-label={name}
            title={description === '' ? name : `${name}\n${description}`}
            onClick={onToggle}
            onKeyDown={onKeyDown}
            className="flex w-full min-w-0 items-center gap-2 rounded-sm after:absolute after:inset-0"
          >
            <ChevronRight
              aria-hidden
              className={cn('size-3.5 shrink-0 text-ink-3 transition-transform', open && 'rotate-90')}
            />
            <span className="max-w-full min-w-0 shrink-0 truncate font-medium">{name}</span>
            {!open && <span className="min-w-0 truncate text-ink-3">{description}</span>}
          </button>
        </th>
        <td className="pl-4">
          <Badge>{kind === 'query' ? 'Query' : 'Snippet'}</Badge>
        </td>
        <td className="truncate pl-4 text-ink-2" title={tags.join(', ')}>
          {tags.join(', ')}
        </td>
        <td className="truncate pl-4 text-ink-2" title={owner}>
          {owner}
        </td>
        <td className="truncate pr-4 pl-4 text-ink-2">
          <RelativeTime time={updatedAt} className="relative" />
        </td>
      </tr>
      {open && (
        <tr className="border-b">
          <td colSpan={5}>
            <Details query={query} {...actions} />
          </td>
        </tr>
      )}
    </>
  );
}

function Details({
  query,
  onInsert,
  onEdit,
  onCopyLink,
  onDelete,
}: SavedQueryActions & { readonly query: SavedQuery }) {
  return (
    <div className="flex flex-col gap-3 px-4 pt-1 pb-4">
      {query.description !== '' && <p className="max-w-160 break-words text-ink-2">{query.description}</p>}
      <pre
        // Long SQL is reached by the keyboard too.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        aria-label={`SQL of ${query.name}`}
        className="max-h-64 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs break-words whitespace-pre-wrap"
      >
        {query.sql}
      </pre>
      <div className="flex flex-wrap items-center gap-2">
        <Button look="primary" onClick={() => onInsert(query)}>
          <FilePlus2 aria-hidden className="size-4" strokeWidth={1.75} />
          Insert as a cell
        </Button>
        <Button onClick={() => onEdit(query)}>
          <Pencil aria-hidden className="size-4" strokeWidth={1.75} />
          Edit or rename…
        </Button>
        <Button onClick={() => onCopyLink(query)}>
          <Link2 aria-hidden className="size-4" strokeWidth={1.75} />
          Copy link
        </Button>
        <Button look="danger" onClick={() => onDelete(query)}>
          <Trash2 aria-hidden className="size-4" strokeWidth={1.75} />
          Delete
        </Button>
      </div>
    </div>
  );
}
