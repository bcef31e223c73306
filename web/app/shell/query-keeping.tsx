import { BookMarked } from 'lucide-react';
import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { Dialog } from '#web/components/dialog.tsx';
import { useToast } from '#web/components/toast.tsx';
import { useSavedQueries } from '#web/features/saved-queries/api/saved-queries.ts';
import { SaveQueryForm } from '#web/features/saved-queries/components/save-query-form.tsx';
import { useCommands } from '#web/lib/commands.tsx';
import { SaveQueryProvider } from '#web/lib/save-query.ts';
import { snippetText } from '#web/lib/snippet-text.ts';
import { useOpenInCell } from '../open-in-cell.ts';

/** Lets every page keep SQL under a name, and the palette open what is kept. */
export function QueryKeeping({ children }: { children: ReactNode }) {
  const [sql, setSql] = useState<string | null>(null);
  const ask = useCallback((text: string) => setSql(text), []);
  const toast = useToast();
  const saved = useSavedQueries().data;
  const openInCell = useOpenInCell();
  useCommands(
    useMemo(
      () =>
        (saved ?? []).map((query) => ({
          id: `saved-query.${query.id}`,
          title: query.name,
          group: 'Saved queries',
          icon: BookMarked,
          run: () => openInCell({ sql: snippetText(query.sql) }),
        })),
      [saved, openInCell],
    ),
  );
  return (
    <SaveQueryProvider value={ask}>
      {children}
      <Dialog
        open={sql !== null}
        onOpenChange={(open) => !open && setSql(null)}
        title="Save a query or snippet"
      >
        {sql !== null && (
          <SaveQueryForm
            from={{ sql }}
            onSaved={({ name }) => {
              setSql(null);
              toast({ title: `“${name}” is saved.` });
            }}
          />
        )}
      </Dialog>
    </SaveQueryProvider>
  );
}
