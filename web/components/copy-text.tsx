import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { cn } from '#web/lib/class-names.ts';

interface CopyTextProps {
  /** What is copied, whole. */
  readonly text: string;
  /** What is shown; the text itself where absent. */
  readonly shown?: string;
  /** What it is, for the accessible name: "commit hash". */
  readonly what: string;
  readonly className?: string;
}

/** An id, hash or path in short, copied whole by a click. */
export function CopyText({ text, shown = text, what, className }: CopyTextProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const Icon = copied ? Check : Copy;
  return (
    <button
      type="button"
      aria-label={copied ? `Copied ${what}` : `Copy ${what} ${text}`}
      title={`${text}\nClick to copy`}
      onClick={(event) => {
        event.stopPropagation();
        void navigator.clipboard.writeText(text).then(() => setCopied(true));
      }}
      className={cn(
        'group/copy inline-flex max-w-full min-w-0 items-center gap-1 rounded-sm font-mono text-xs [font-variant-ligatures:none] text-ink-2 hover:text-ink',
        className,
      )}
    >
      <span className="min-w-0 truncate">{shown}</span>
      <Icon
        aria-hidden
        strokeWidth={1.75}
        className={cn(
          'size-3 shrink-0',
          copied
            ? 'text-good'
            : 'opacity-0 group-hover/copy:opacity-100 group-focus-visible/copy:opacity-100',
        )}
      />
    </button>
  );
}
