import { ChevronDown, ChevronRight } from 'lucide-react';
import { useEffect, useId, useMemo, useState, type KeyboardEvent } from 'react';
import { NullBadge } from '#web/components/null-badge.tsx';
import { cn } from '#web/lib/class-names.ts';
import { countOf, formatInteger } from '#web/lib/format/numbers.ts';
import type { ValueNode } from './value-nodes.ts';

interface ValueTreeProps {
  readonly root: ValueNode;
  readonly label: string;
  /** Told of the part that is the current one. */
  readonly onSelect: (node: ValueNode) => void;
}

/** Parts of one group that are shown at first, and with each request for more. */
const CHUNK = 100;
/** A value of no more parts than this opens whole. */
const SMALL = 24;

interface Row {
  /** Places from the root down: "0.3". */
  readonly id: string;
  readonly depth: number;
  readonly node: ValueNode;
  /** Parts of the node that are not shown yet: the row asks for them. */
  readonly more?: number;
}

/** A value and its parts, opened and closed by arrows or mouse, as trees of files are. */
export function ValueTree({ root, label, onSelect }: ValueTreeProps) {
  const treeId = useId();
  const [open, setOpen] = useState(() => openAtFirst(root));
  const [shown, setShown] = useState<ReadonlyMap<string, number>>(new Map());
  const [current, setCurrent] = useState('');
  const rows = useMemo(() => rowsOf(root, open, shown), [root, open, shown]);
  const at = Math.max(
    0,
    rows.findIndex(({ id }) => id === current),
  );
  const rowId = (id: string) => `${treeId}-${id}`;

  useEffect(() => {
    document.getElementById(`${treeId}-${current}`)?.scrollIntoView({ block: 'nearest' });
  }, [treeId, current]);

  const toggle = (id: string, wanted: boolean) => {
    const next = new Set(open);
    if (wanted) next.add(id);
    else next.delete(id);
    setOpen(next);
  };
  const goTo = (row: Row | undefined) => {
    if (row === undefined) return;
    setCurrent(row.id);
    if (row.more === undefined) onSelect(row.node);
  };
  const press = (row: Row) => {
    if (row.more !== undefined) {
      const parent = row.id.slice(0, -'.more'.length);
      const before = shown.get(parent) ?? CHUNK;
      setShown(new Map(shown).set(parent, before + CHUNK));
      // The first of those that come takes the place of the row that asked for them.
      setCurrent(childId(parent, before));
      onSelect(row.node.part(before));
    } else if (row.node.count !== null) toggle(row.id, !open.has(row.id));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[at];
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const isOpen = open.has(row.id);
    const isGroup = row.node.count !== null && row.more === undefined;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => goTo(rows[at + 1]),
      ArrowUp: () => goTo(rows[at - 1]),
      Home: () => goTo(rows[0]),
      End: () => goTo(rows.at(-1)),
      ArrowRight: () => (isGroup && !isOpen ? toggle(row.id, true) : isGroup && goTo(rows[at + 1])),
      ArrowLeft: () =>
        isGroup && isOpen
          ? toggle(row.id, false)
          : goTo(rows.findLast((each, index) => index < at && each.depth < row.depth)),
      Enter: () => press(row),
      ' ': () => press(row),
    };
    const move = moves[event.key];
    if (move === undefined) return;
    move();
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      role="tree"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={rowId(rows[at]?.id ?? '')}
      onKeyDown={onKeyDown}
      className="max-h-80 min-h-0 overflow-auto py-1 font-mono text-xs outline-none select-text focus-visible:[--current:var(--accent)]"
    >
      {rows.map((row, index) => (
        // Keys are the tree's, which has the focus.
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
        <div
          key={row.id}
          id={rowId(row.id)}
          role="treeitem"
          aria-level={row.depth + 1}
          aria-selected={index === at}
          aria-expanded={row.node.count !== null && row.more === undefined ? open.has(row.id) : undefined}
          onClick={() => {
            goTo(row);
            if (getSelection()?.isCollapsed !== false) press(row);
          }}
          style={{ paddingLeft: 8 + row.depth * 16 }}
          className={cn(
            'flex min-h-6 cursor-default items-center gap-1 pr-3 whitespace-pre hover:bg-hover',
            index === at && 'bg-selected outline-1 -outline-offset-1 outline-(--current,transparent)',
          )}
        >
          <RowContent row={row} open={open.has(row.id)} />
        </div>
      ))}
    </div>
  );
}

function RowContent({ row: { node, more }, open }: { row: Row; open: boolean }) {
  if (more !== undefined)
    return (
      <span className="pl-4 text-accent-text">
        {formatInteger(Math.min(more, CHUNK))} more of {formatInteger(more)}
      </span>
    );
  const Chevron = open ? ChevronDown : ChevronRight;
  return (
    <>
      {node.count === null ? (
        <span className="w-3.5 shrink-0" />
      ) : (
        <Chevron aria-hidden className="size-3.5 shrink-0 text-ink-3" strokeWidth={2} />
      )}
      <span className="shrink-0 text-ink-2">{node.label}</span>
      <span className="shrink-0 text-ink-3">:</span>
      {node.isNull ? (
        <NullBadge />
      ) : node.count !== null && open ? (
        <span className="text-ink-3">{countOf(node.count, 'part')}</span>
      ) : (
        <span className={cn('truncate', node.count === null ? 'text-ink' : 'text-ink-3')} title={node.text}>
          {node.text}
        </span>
      )}
    </>
  );
}

function childId(parent: string, at: number): string {
  return `${parent}.${at}`;
}

function rowsOf(
  root: ValueNode,
  open: ReadonlySet<string>,
  shown: ReadonlyMap<string, number>,
): readonly Row[] {
  const rows: Row[] = [];
  const visit = (id: string, node: ValueNode, depth: number): void => {
    rows.push({ id, depth, node });
    if (node.count === null || !open.has(id)) return;
    const count = Math.min(node.count, shown.get(id) ?? CHUNK);
    for (let at = 0; at < count; at++) visit(childId(id, at), node.part(at), depth + 1);
    if (count < node.count) rows.push({ id: `${id}.more`, depth: depth + 1, node, more: node.count - count });
  };
  visit('', root, 0);
  return rows;
}

/** The root, and all below it where that is little. */
function openAtFirst(root: ValueNode): ReadonlySet<string> {
  const open = new Set(['']);
  let rows = 1;
  const visit = (id: string, node: ValueNode): void => {
    rows += node.count ?? 0;
    if (node.count === null || rows > SMALL) return;
    open.add(id);
    for (let at = 0; at < node.count; at++) visit(childId(id, at), node.part(at));
  };
  visit('', root);
  return open;
}
