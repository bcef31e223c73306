import type { ReactNode } from 'react';

interface PanelSectionProps {
  readonly title: string;
  /** Quiet words after the title, e.g. a count. */
  readonly note?: string | undefined;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}

export function PanelSection({ title, note, actions, children, className }: PanelSectionProps) {
  return (
    <section aria-label={title} className={className}>
      <header className="flex h-9 shrink-0 items-center gap-2 pr-2 pl-4">
        <h2 className="text-xs font-medium text-ink-2">{title}</h2>
        {note !== undefined && <span className="text-xs text-ink-3">{note}</span>}
        <span className="ml-auto flex">{actions}</span>
      </header>
      {children}
    </section>
  );
}
