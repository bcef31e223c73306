import type { ComponentPropsWithRef } from 'react';
import { cn } from '#web/lib/class-names.ts';

/** One line of text. It needs a name: `aria-label`, or a `<label>` around it or by id. */
export function TextField({ className, type = 'text', ...rest }: ComponentPropsWithRef<'input'>) {
  return (
    <input
      type={type}
      autoComplete="off"
      spellCheck={false}
      className={cn(
        'h-7 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2 text-ink placeholder:text-ink-3 aria-invalid:border-bad',
        className,
      )}
      {...rest}
    />
  );
}
