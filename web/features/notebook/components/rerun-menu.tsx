import { ChevronDown, Workflow } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { Button } from '#web/components/button.tsx';
import { Menu, MenuChoice, MenuItem, MenuLabel } from '#web/components/menu.tsx';
import type { NotebookStore } from '../model/notebook-store.ts';
import type { NotebookEditor } from '../model/use-notebook-editor.ts';
import { useDocument } from '../model/use-store.ts';

interface RerunMenuProps {
  readonly store: NotebookStore;
  readonly editor: NotebookEditor;
  readonly notebookRef: string;
}

/** Whether what rests on a change runs by itself, and how many cells are stale. */
export function RerunMenu({ store, editor, notebookRef }: RerunMenuProps) {
  const { mode = 'auto' } = useDocument(store);
  const count = () => store.document().cells.filter(({ id }) => store.isStale(id, notebookRef)).length;
  useSyncExternalStore(store.subscribe, count);
  const stale = useSyncExternalStore(store.runs.subscribe, count);
  const label = mode === 'auto' ? 'Reruns' : 'Manual';
  return (
    <Menu
      align="end"
      trigger={
        <Button
          look="quiet"
          aria-label={`Cells that rest on a change: ${mode === 'auto' ? 'run again by themselves' : 'wait'}${stale === 0 ? '' : `; ${stale} stale`}`}
          className="font-normal"
        >
          <Workflow aria-hidden className="size-4" strokeWidth={1.75} />
          {label}
          {stale > 0 && <span className="rounded-sm bg-warn-soft px-1 text-xs text-warn">{stale}</span>}
          <ChevronDown aria-hidden className="size-3.5 text-ink-3" />
        </Button>
      }
    >
      <MenuLabel>Cells that read what was run or changed</MenuLabel>
      <MenuChoice
        value={mode}
        onChange={(value) => store.edit({ type: 'mode', mode: value === 'manual' ? 'manual' : 'auto' })}
        options={[
          { value: 'auto', label: 'Run again by themselves' },
          { value: 'manual', label: 'Are marked stale and wait' },
        ]}
      />
      <MenuItem icon={Workflow} disabled={stale === 0} onSelect={editor.runStale}>
        Run stale cells
      </MenuItem>
    </Menu>
  );
}
