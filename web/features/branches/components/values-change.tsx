import { X } from 'lucide-react';
import type { CatalogChange } from '#shared/contract/diff.ts';
import { IconButton } from '#web/components/icon-button.tsx';

interface ValuesChangeProps {
  /** Dotted name of the view or namespace. */
  readonly name: string;
  readonly values: NonNullable<CatalogChange['values']>;
  readonly onClose: () => void;
}

/** What differs of a view or a namespace: its query and properties as they were and as they are, side by side. */
export function ValuesChange({ name, values, onClose }: ValuesChangeProps) {
  return (
    <section aria-label={`Change of ${name}`} className="flex flex-col border-t bg-surface pb-4">
      <header className="flex shrink-0 items-center gap-2 px-4 pt-2">
        <h2 className="min-w-0 flex-1 truncate font-medium">{name}</h2>
        <IconButton icon={X} label="Close" small onClick={onClose} />
      </header>
      <dl className="flex flex-col gap-3 px-4 pt-1">
        {values.map((value) => (
          <div key={value.name}>
            <dt className="pb-1 text-xs text-ink-3">{value.name}</dt>
            <dd className="grid grid-cols-2 gap-3">
              <Side label="Before" text={value.before} tone="bad" />
              <Side label="After" text={value.after} tone="good" />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const EDGES = { bad: 'border-l-bad', good: 'border-l-good' } as const;

function Side({ label, text, tone }: { label: string; text: string | null; tone: keyof typeof EDGES }) {
  return (
    <figure className="min-w-0">
      <figcaption className="sr-only">{label}</figcaption>
      {text === null ? (
        <p className="px-3 py-2 text-ink-3">{label === 'Before' ? 'It was not there.' : 'It is gone.'}</p>
      ) : (
        <pre
          className={`rounded-md border border-l-2 px-3 py-2 font-mono text-xs break-words whitespace-pre-wrap ${EDGES[tone]}`}
        >
          {text}
        </pre>
      )}
    </figure>
  );
}
