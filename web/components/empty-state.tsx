import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '#web/lib/class-names.ts';

interface EmptyStateProps {
  readonly icon?: LucideIcon;
  readonly title: string;
  /** One or two sentences: why it is empty and what to do. */
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  readonly className?: string;
  /** It is all that the page has, and its title that of the page. */
  readonly page?: boolean;
}

export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
  className,
  page = false,
}: EmptyStateProps) {
  const Title = page ? 'h1' : 'p';
  return (
    <div className={cn('flex flex-col items-center justify-center gap-1 p-8 text-center', className)}>
      {Icon !== undefined && <Icon aria-hidden className="mb-2 size-6 text-ink-3" strokeWidth={1.5} />}
      <Title className="font-medium text-ink">{title}</Title>
      {children !== undefined && <div className="max-w-96 text-ink-2">{children}</div>}
      {action !== undefined && <div className="mt-3 flex gap-2">{action}</div>}
    </div>
  );
}
