import { LocalFilesPanel } from './local-files.tsx';
import { NotebookList } from './notebook-list.tsx';
import { SidePanel } from './side-panel.tsx';
import { TablesSection } from './tables-section.tsx';

interface ContextPanelProps {
  readonly open: boolean;
  readonly width: number;
  readonly onWidth: (pixels: number) => void;
  readonly onClose: () => void;
}

/** Beside the rail: the notebooks, the files of this tab, and the tables of the current ref. Closed, its commands go on. */
export function ContextPanel(props: ContextPanelProps) {
  return (
    <SidePanel label="Notebooks and tables" {...props}>
      <NotebookList />
      <LocalFilesPanel />
      <TablesSection />
    </SidePanel>
  );
}
