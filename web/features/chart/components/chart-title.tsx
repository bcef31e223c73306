import { useState } from 'react';

interface ChartTitleProps {
  /** As a person gave it. */
  readonly title: string | undefined;
  /** What it is called otherwise. */
  readonly fallback: string;
  /** Undefined where it can't be changed. */
  readonly onTitle: ((title: string | undefined) => void) | undefined;
}

const LOOK = 'mt-2 block truncate text-sm font-medium';

/** What stands over a chart, written where it stands. Taken when the field is left, so that it is one step of undo. */
export function ChartTitle({ title, fallback, onTitle }: ChartTitleProps) {
  const [draft, setDraft] = useState<string | null>(null);
  if (onTitle === undefined) return <p className={`${LOOK} mx-3`}>{title ?? fallback}</p>;
  const take = () => {
    setDraft(null);
    const next = draft?.trim();
    if (next !== undefined && next !== (title ?? '')) onTitle(next === '' ? undefined : next);
  };
  return (
    <input
      aria-label="Title of the chart"
      autoComplete="off"
      maxLength={200}
      value={draft ?? title ?? ''}
      placeholder={fallback}
      title="Click to give it a title of its own"
      onChange={(event) => setDraft(event.target.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key !== 'Escape' || draft === null) return;
        event.stopPropagation();
        setDraft(null);
      }}
      className={`${LOOK} mx-[7px] h-6 w-[calc(100%-14px)] rounded-sm px-1 border border-transparent bg-transparent text-ink placeholder:font-normal placeholder:text-ink-3 hover:border-line focus:border-line-strong`}
    />
  );
}
