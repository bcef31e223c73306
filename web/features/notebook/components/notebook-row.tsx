import { Link } from '@tanstack/react-router';
import { CloudAlert, Copy, Ellipsis, FileText, FolderInput, Trash2 } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import type { NotebookSummary } from '#shared/contract/notebooks.ts';
import { IconButton } from '#web/components/icon-button.tsx';
import { Menu, MenuItem } from '#web/components/menu.tsx';
import { RelativeTime } from '#web/components/relative-time.tsx';
import { cn } from '#web/lib/class-names.ts';
import { NOT_MADE } from '../model/drafts.ts';
import { titleOf } from '../model/free-title.ts';
import { beginning } from '../model/notebook-order.ts';

interface NotebookRowProps {
  readonly notebook: NotebookSummary;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onDuplicate: () => void;
  readonly onMove: () => void;
  readonly onDelete: () => void;
}

/** A notebook in the list of all. */
export function NotebookRow({ notebook, onKeyDown, onDuplicate, onMove, onDelete }: NotebookRowProps) {
  const { id, folder, excerpt = '', cells, updatedAt, updatedBy, version } = notebook;
  const title = titleOf(notebook.title);
  const waits = version === NOT_MADE;
  const Icon = waits ? CloudAlert : FileText;
  const begins = waits ? 'In this browser alone, until the server answers' : beginning(excerpt);
  return (
    <tr className="relative h-13 border-b hover:bg-hover focus-within:bg-hover">
      <th scope="row" className="pl-4 text-left font-normal">
        <span className="flex min-w-0 items-center gap-3">
          <Icon
            aria-hidden
            className={cn('size-4 shrink-0', waits ? 'text-warn' : 'text-ink-3')}
            strokeWidth={1.75}
          />
          <span className="min-w-0">
            {/* The whole row is the link's target. */}
            <Link
              to="/notebooks/$id"
              params={{ id }}
              onKeyDown={onKeyDown}
              title={title}
              className="block truncate rounded-sm font-medium after:absolute after:inset-0"
            >
              {title}
            </Link>
            <span className="block truncate text-xs text-ink-3" title={begins}>
              {begins === '' ? 'Nothing is written in it yet' : begins}
            </span>
          </span>
        </span>
      </th>
      <td className="truncate pl-3 text-ink-2 @max-3xl:hidden" title={folder}>
        {folder}
      </td>
      <td className="pl-3 text-right text-ink-2 tabular-nums">{cells}</td>
      <td className="truncate pl-3 text-ink-2">
        <RelativeTime time={updatedAt} className="relative" />
      </td>
      <td className="truncate pl-3 text-ink-2 @max-4xl:hidden" title={updatedBy}>
        {updatedBy}
      </td>
      <td aria-label="Actions">
        <span className="relative flex justify-center">
          <Menu align="end" trigger={<IconButton icon={Ellipsis} label={`Actions for ${title}`} small />}>
            <MenuItem icon={Copy} onSelect={onDuplicate}>
              Duplicate
            </MenuItem>
            <MenuItem icon={FolderInput} onSelect={onMove}>
              Move to a folder…
            </MenuItem>
            <MenuItem icon={Trash2} danger onSelect={onDelete}>
              Delete
            </MenuItem>
          </Menu>
        </span>
      </td>
    </tr>
  );
}
