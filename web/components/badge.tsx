import type { ComponentPropsWithRef } from 'react';
import { cn } from '#web/lib/class-names.ts';

const TONES = {
  neutral: 'bg-sunken text-ink-2',
  accent: 'bg-accent-soft text-accent-text',
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  past: 'bg-past-soft text-past',
} as const;

export type Tone = keyof typeof TONES;

export function Badge({
  tone = 'neutral',
  className,
  ...rest
}: ComponentPropsWithRef<'span'> & { tone?: Tone }) {
  return (
    <span
      className={cn(
        'inline-flex h-5 shrink-0 items-center gap-1 rounded-sm px-1.5 text-xs font-medium whitespace-nowrap',
        TONES[tone],
        className,
      )}
      {...rest}
    />
  );
}
