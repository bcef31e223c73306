import { useMemo, useState } from 'react';
import type { TableSummary } from '#shared/contract/tables.ts';
import type { SaveUploadResult } from '#shared/contract/uploads.ts';
import { Button } from '#web/components/button.tsx';
import { Dialog } from '#web/components/dialog.tsx';
import { Field } from '#web/components/field.tsx';
import { ProgressBar } from '#web/components/progress-bar.tsx';
import { Segmented } from '#web/components/segmented.tsx';
import { Select } from '#web/components/select.tsx';
import { TextField } from '#web/components/text-field.tsx';
import type { LocalFile, LocalFiles } from '#web/duckdb/local/types.ts';
import { formatBytes } from '#web/lib/format/bytes.ts';
import { countOf, formatInteger } from '#web/lib/format/numbers.ts';
import { columnsFor, draftProblem, newColumns, saveOf, type SaveDraft } from '../model/save-plan.ts';
import { useSave } from '../model/use-save.ts';
import { SaveColumns } from './save-columns.tsx';

interface SaveDialogProps {
  readonly files: LocalFiles;
  readonly file: LocalFile;
  readonly branches: readonly string[];
  /** Where it goes unless another is chosen. */
  readonly branch: string;
  readonly tables: readonly TableSummary[];
  readonly onSaved: (saved: SaveUploadResult) => void;
  readonly onClose: () => void;
}

/** Makes a table of a file, or adds its rows to one. */
export function SaveDialog({ files, file, branches, branch, tables, onSaved, onClose }: SaveDialogProps) {
  const [draft, setDraft] = useState<SaveDraft>(() => ({
    mode: 'create',
    branch,
    namespace: tables[0]?.namespace[0] ?? 'main',
    name: file.name,
    target: '',
    columns: newColumns(file),
  }));
  const target = useMemo(() => tables.find(({ id }) => id === draft.target), [tables, draft.target]);
  const { progress, problem, start, cancel } = useSave(files, file.id, onSaved);
  const wrong = draftProblem(draft, target);
  const change = (changed: Partial<SaveDraft>) => setDraft((before) => ({ ...before, ...changed }));
  const changeMode = (mode: SaveDraft['mode']) =>
    change({
      mode,
      columns: mode === 'append' && target !== undefined ? columnsFor(file, target) : newColumns(file),
    });

  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (open) return;
        cancel();
        onClose();
      }}
      title={`Save ${file.name} as a table`}
      className="w-160"
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (wrong === null && progress === null) void start(saveOf(draft));
        }}
      >
        <div>
          <Segmented
            label="What to do"
            value={draft.mode}
            onChange={changeMode}
            options={[
              { value: 'create', label: 'New table' },
              { value: 'append', label: 'Add to a table' },
            ]}
          />
        </div>
        <div className="flex gap-3">
          {draft.mode === 'create' ? (
            <>
              <Field label="Namespace" className="flex-1">
                {(tie) => (
                  <TextField
                    {...tie}
                    value={draft.namespace}
                    onChange={(event) => change({ namespace: event.target.value })}
                  />
                )}
              </Field>
              <Field label="Table" className="flex-1">
                {(tie) => (
                  <TextField
                    {...tie}
                    value={draft.name}
                    onChange={(event) => change({ name: event.target.value })}
                  />
                )}
              </Field>
            </>
          ) : (
            <div className="flex min-w-0 flex-1 flex-col gap-1">
              <span aria-hidden className="text-xs text-ink-2">
                Table
              </span>
              <Select
                label="Table to add to"
                placeholder="Choose a table"
                value={draft.target}
                onChange={(id) => {
                  const chosen = tables.find((table) => table.id === id);
                  change({
                    target: id,
                    ...(chosen === undefined ? {} : { columns: columnsFor(file, chosen) }),
                  });
                }}
                options={tables.map(({ id }) => ({ value: id, label: id }))}
              />
            </div>
          )}
          <div className="flex w-40 flex-col gap-1">
            <span aria-hidden className="text-xs text-ink-2">
              Branch
            </span>
            <Select
              label="Branch"
              value={draft.branch}
              onChange={(next) => change({ branch: next })}
              options={branches.map((value) => ({ value, label: value }))}
            />
          </div>
        </div>
        <SaveColumns file={file} columns={draft.columns} onChange={(columns) => change({ columns })} />
        {problem.length > 0 && (
          <ul role="alert" className="flex flex-col gap-1 text-bad select-text">
            {problem.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        )}
        <footer className="flex items-center gap-3">
          {progress === null ? (
            <p className="min-w-0 flex-1 text-xs text-ink-2">
              {wrong ?? 'One commit, with all rows or none.'}
            </p>
          ) : (
            <div className="flex min-w-0 flex-1 items-center gap-3 text-xs text-ink-2">
              <ProgressBar
                label="Saving"
                done={progress.rows}
                total={progress.committing ? 0 : (file.rows ?? 0)}
                valueText={`${formatInteger(progress.rows)} of ${countOf(file.rows ?? 0, 'row')}`}
                className="w-24"
              />
              <span role="status" className="tabular-nums">
                {progress.committing
                  ? 'Writing the table'
                  : `${formatInteger(progress.rows)} of ${countOf(file.rows ?? 0, 'row')} sent, ${formatBytes(progress.bytes)}`}
              </span>
            </div>
          )}
          {progress === null ? (
            <Button type="submit" look="primary" disabled={wrong !== null}>
              {draft.mode === 'create' ? 'Create the table' : 'Add the rows'}
            </Button>
          ) : (
            <Button onClick={cancel}>Cancel</Button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}
