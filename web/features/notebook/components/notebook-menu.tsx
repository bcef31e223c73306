import {
  CalendarClock,
  Copy,
  Ellipsis,
  Eraser,
  FileCode,
  FileText,
  FolderInput,
  History,
  Link2,
  NotebookText,
  Presentation,
  Trash2,
} from 'lucide-react';
import { useRef, useState } from 'react';
import { Dialog } from '#web/components/dialog.tsx';
import { IconButton } from '#web/components/icon-button.tsx';
import { Menu, MenuItem, MenuLabel } from '#web/components/menu.tsx';
import { useToast } from '#web/components/toast.tsx';
import { downloadNotebook, type NotebookFormat } from '../model/notebook-files.ts';
import type { NotebookStore } from '../model/notebook-store.ts';
import { clearResults } from '../model/reruns.ts';
import { useDocument } from '../model/use-store.ts';
import { FolderForm } from './folder-form.tsx';
import { HistoryDialog } from './history-dialog.tsx';
import { ScheduleDialog } from './schedule-dialog.tsx';

interface NotebookMenuProps {
  readonly store: NotebookStore;
  readonly notebookRef: string;
  readonly onPresent: () => void;
  readonly onDuplicate: () => void;
  readonly onDelete: () => void;
}

const FORMATS: readonly {
  readonly value: NotebookFormat;
  readonly label: string;
  readonly icon: typeof FileText;
}[] = [
  { value: 'md', label: 'Text for git (.md)', icon: FileText },
  { value: 'ipynb', label: 'Jupyter (.ipynb)', icon: NotebookText },
  { value: 'sql', label: 'SQL script (.sql)', icon: FileCode },
];

/** What can be done with the notebook as a whole. */
export function NotebookMenu({ store, notebookRef, onPresent, onDuplicate, onDelete }: NotebookMenuProps) {
  const toast = useToast();
  const { folder } = useDocument(store);
  const [open, setOpen] = useState<'versions' | 'runs' | 'folder' | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const is = (which: typeof open) => ({
    open: open === which,
    onOpenChange: (on: boolean) => setOpen(on ? which : null),
    returnTo: () => button.current,
  });
  return (
    <>
      <Menu align="end" trigger={<IconButton ref={button} icon={Ellipsis} label="Actions of the notebook" />}>
        <MenuItem icon={History} onSelect={() => setOpen('versions')}>
          Versions…
        </MenuItem>
        <MenuItem icon={CalendarClock} onSelect={() => setOpen('runs')}>
          Runs on the server…
        </MenuItem>
        <MenuItem icon={Presentation} onSelect={onPresent}>
          Present
        </MenuItem>
        <MenuItem
          icon={Link2}
          onSelect={() =>
            void navigator.clipboard.writeText(window.location.href).then(
              () => toast({ title: 'The link is copied. It opens here for whoever is signed in.' }),
              () => toast({ title: 'The link was not copied: this browser does not allow it.', tone: 'bad' }),
            )
          }
        >
          Copy link
        </MenuItem>
        <MenuItem icon={FolderInput} onSelect={() => setOpen('folder')}>
          Move to a folder…
        </MenuItem>
        <MenuItem icon={Copy} onSelect={onDuplicate}>
          Duplicate
        </MenuItem>
        <MenuItem icon={Eraser} onSelect={() => clearResults(store)}>
          Clear all results
        </MenuItem>
        <MenuLabel>Download</MenuLabel>
        {FORMATS.map(({ value, label, icon }) => (
          <MenuItem key={value} icon={icon} onSelect={() => void downloadNotebook(store, value)}>
            {label}
          </MenuItem>
        ))}
        <MenuItem icon={Trash2} danger onSelect={onDelete}>
          Delete
        </MenuItem>
      </Menu>
      <HistoryDialog store={store} {...is('versions')} />
      <ScheduleDialog id={store.id} notebookRef={notebookRef} {...is('runs')} />
      <Dialog title="Move to a folder" {...is('folder')} className="w-96">
        <FolderForm
          folder={folder}
          onMove={(next) => {
            store.edit({ type: 'folder', folder: next });
            setOpen(null);
          }}
        />
      </Dialog>
    </>
  );
}
