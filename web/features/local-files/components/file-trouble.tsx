import { Button } from '#web/components/button.tsx';
import type { LocalFile } from '#web/duckdb/local/types.ts';

interface FileTroubleProps {
  readonly file: LocalFile;
  readonly onReopen: () => Promise<void>;
}

/** Why a file can't be queried, and what to do. */
export function FileTrouble({ file, onReopen }: FileTroubleProps) {
  if (file.state === 'failed')
    return (
      <p role="alert" className="px-2 pb-1.5 pl-9 text-xs text-bad select-text">
        {file.error?.message}
      </p>
    );
  return (
    <div className="flex items-center gap-2 px-2 pb-1.5 pl-9 text-xs text-ink-2">
      {file.canReopen ? (
        <>
          <span className="min-w-0 flex-1">The browser asks before the page reads it again.</span>
          <Button small onClick={() => void onReopen()}>
            Reopen
          </Button>
        </>
      ) : (
        <span>Drop {file.fileName} into the page again to query it.</span>
      )}
    </div>
  );
}
