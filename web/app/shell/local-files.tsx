import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useState } from 'react';
import type { SaveUploadResult } from '#shared/contract/uploads.ts';
import { parseRefExpression } from '#shared/refs/ref-expression.ts';
import { useToast } from '#web/components/toast.tsx';
import type { LocalFile } from '#web/duckdb/local/types.ts';
import { useTables } from '#web/features/catalog/api/list-tables.ts';
import { DropZone } from '#web/features/local-files/components/drop-zone.tsx';
import { LocalFilesSection } from '#web/features/local-files/components/local-files-section.tsx';
import { useGiveFiles } from '#web/features/local-files/model/use-give-files.ts';
import { useRefs } from '#web/features/refs/api/list-refs.ts';
import { useCurrentRef } from '#web/lib/current-ref.ts';
import { countOf } from '#web/lib/format/numbers.ts';
import { useRefreshRefs } from '#web/lib/refresh-refs.ts';
import { useOpenInCell } from '../open-in-cell.ts';
import { querySession } from '../query-session.ts';

const SaveDialog = lazy(async () => {
  const { SaveDialog: dialog } = await import('#web/features/local-files/components/save-dialog.tsx');
  return { default: dialog };
});

/** Files may be dropped wherever in the page, also while the side panel is closed. */
export function LocalFileDrop() {
  return <DropZone onGive={useGiveFiles(querySession().files, useQueryFile())} />;
}

/** In the side panel: the files of this tab. */
export function LocalFilesPanel() {
  const { files } = querySession();
  const query = useQueryFile();
  const [saving, setSaving] = useState<LocalFile | null>(null);
  return (
    <>
      <LocalFilesSection
        files={files}
        onGive={useGiveFiles(files, query)}
        onQuery={query}
        onSave={setSaving}
      />
      {saving !== null && <SaveFile file={saving} onClose={() => setSaving(null)} />}
    </>
  );
}

function SaveFile({ file, onClose }: { file: LocalFile; onClose: () => void }) {
  const { expression, defaultBranch } = useCurrentRef();
  const refs = useRefs().data?.refs ?? [];
  const branches = refs.filter(({ type }) => type !== 'TAG').map(({ name }) => name);
  const here = parseRefExpression(expression);
  const current = here.kind === 'ref' && branches.includes(expression) ? expression : defaultBranch;
  const tables = useTables(current).data?.tables ?? [];
  const refresh = useRefreshRefs();
  const toast = useToast();
  const navigate = useNavigate();
  const onSaved = useCallback(
    ({ table, branch, rows }: SaveUploadResult) => {
      onClose();
      void refresh();
      toast({
        title: `${table} has ${countOf(rows, 'row')} more on ${branch}`,
        action: {
          label: 'Open the table',
          run: () =>
            void navigate({
              to: '/catalog/$table',
              params: { table },
              search: (before: { ref?: string | undefined }) => ({
                ...before,
                ref: branch === defaultBranch ? undefined : branch,
              }),
            }),
        },
      });
    },
    [onClose, refresh, toast, navigate, defaultBranch],
  );
  return (
    <Suspense fallback={null}>
      <SaveDialog
        files={querySession().files}
        file={file}
        branches={branches}
        branch={current}
        tables={tables}
        onSaved={onSaved}
        onClose={onClose}
      />
    </Suspense>
  );
}

function useQueryFile(): (sql: string) => void {
  const open = useOpenInCell();
  return useCallback((sql) => open({ sql, run: true }), [open]);
}
