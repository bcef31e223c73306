import { FileInput } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';
import type { GivenFile } from '#web/duckdb/local/types.ts';
import { droppedFiles, holdsFiles } from '../model/dropped-files.ts';

/** Takes files that are dragged into the page, wherever, and shows that it does. */
export function DropZone({ onGive }: { onGive: (given: readonly GivenFile[]) => void }) {
  const [over, setOver] = useState(false);
  const give = useEffectEvent((data: DataTransfer) => {
    droppedFiles(data).then(onGive).catch(reportError);
  });

  useEffect(() => {
    // Of the elements under the pointer, each says that it was entered before the last says that it was left.
    let depth = 0;
    const on = {
      dragenter: (event: DragEvent) => {
        if (!holdsFiles(event.dataTransfer)) return;
        event.preventDefault();
        depth += 1;
        setOver(true);
      },
      dragover: (event: DragEvent) => {
        if (!holdsFiles(event.dataTransfer)) return;
        event.preventDefault();
        if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
      },
      dragleave: (event: DragEvent) => {
        if (!holdsFiles(event.dataTransfer)) return;
        depth = Math.max(0, depth - 1);
        if (depth === 0) setOver(false);
      },
      drop: (event: DragEvent) => {
        if (!holdsFiles(event.dataTransfer)) return;
        event.preventDefault();
        // An editor under the pointer would take the file's name for text.
        event.stopPropagation();
        depth = 0;
        setOver(false);
        if (event.dataTransfer) give(event.dataTransfer);
      },
    };
    const listeners = Object.entries(on) as [keyof typeof on, (event: Event) => void][];
    for (const [name, listener] of listeners) addEventListener(name, listener, { capture: true });
    return () => {
      for (const [name, listener] of listeners) removeEventListener(name, listener, { capture: true });
    };
  }, []);

  return (
    over && (
      <div
        role="status"
        className="pointer-events-none fixed inset-0 z-50 grid place-items-center bg-(--scrim) p-6"
      >
        <div className="flex items-center gap-4 rounded-lg border border-accent bg-raised px-6 py-4 shadow-float">
          <FileInput aria-hidden className="size-6 shrink-0 text-accent-text" strokeWidth={1.5} />
          <div>
            <p className="text-base font-semibold">Drop to query</p>
            <p className="text-ink-2">CSV, Parquet, JSON or Arrow. Nothing is uploaded.</p>
          </div>
        </div>
      </div>
    )
  );
}
