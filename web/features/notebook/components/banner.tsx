import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '#web/lib/class-names.ts';

interface BannerProps {
  /** `warn`: something has to be decided. */
  readonly tone: 'warn' | 'accent';
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: ReactNode;
  /** Buttons. */
  readonly children: ReactNode;
}

/** What a person should know of the whole notebook, above it. */
export function Banner({ tone, icon: Icon, title, text, children }: BannerProps) {
  const warns = tone === 'warn';
  return (
    <div
      role={warns ? 'alert' : 'status'}
      className={cn('flex items-center gap-3 border-b px-4 py-2', warns ? 'bg-warn-soft' : 'bg-accent-soft')}
    >
      <Icon
        aria-hidden
        className={cn('size-4 shrink-0', warns ? 'text-warn' : 'text-accent-text')}
        strokeWidth={1.75}
      />
      <p className="min-w-0 flex-1">
        <span className="font-medium">{title}</span>{' '}
        {text !== null && <span className="text-ink-2">{text}</span>}
      </p>
      {children}
    </div>
  );
}
