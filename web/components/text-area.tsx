import type { ComponentPropsWithRef } from 'react';
import { cn } from '#web/lib/class-names.ts';

/** Several lines of text; it grows with them. It needs a name: `aria-label`, or a `<label>` around it or by id. */
export function TextArea({ className, rows = 3, ...rest }: ComponentPropsWithRef<'textarea'>) {
  return (
    <textarea
      rows={rows}
      // Grown to its content, it would be one line high while it is empty.
      style={{ minHeight: `calc(${rows} * 20px + 10px)` }}
      spellCheck={false}
      className={cn(
        'field-sizing-content max-h-96 w-full min-w-0 resize-y rounded-md border border-line-strong bg-surface px-2 py-1 text-ink placeholder:text-ink-3 aria-invalid:border-bad',
        className,
      )}
      {...rest}
    />
  );
}
