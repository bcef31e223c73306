import type { ComponentPropsWithRef } from 'react';
import { cn } from '#web/lib/class-names.ts';

const LOOKS = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  plain: 'border border-line-strong bg-surface text-ink hover:bg-hover',
  quiet: 'text-ink-2 hover:bg-hover hover:text-ink data-[state=open]:bg-hover data-[state=open]:text-ink',
  danger: 'border border-line-strong bg-surface text-bad hover:bg-bad-soft',
} as const;

export interface ButtonProps extends ComponentPropsWithRef<'button'> {
  readonly look?: keyof typeof LOOKS;
  readonly small?: boolean;
}

export function Button({ look = 'plain', small = false, className, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={cn(
        'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap select-none hover:transition-colors hover:duration-100',
        'focus-visible:outline-offset-1 disabled:opacity-50 disabled:pointer-events-none',
        small ? 'h-6 px-2 text-xs' : 'h-7 px-2.5 text-sm',
        LOOKS[look],
        className,
      )}
      {...rest}
    />
  );
}
