import { Search } from 'lucide-react';
import { cn } from '#web/lib/class-names.ts';
import { TextField } from './text-field.tsx';

interface SearchFieldProps {
  /** Accessible name: "Find a table". */
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Arrow down: into the list of what is found. */
  readonly onEnterList?: () => void;
  readonly className?: string;
}

/** What a list is filtered by. Escape empties it. */
export function SearchField(props: SearchFieldProps) {
  const { label, placeholder, value, onChange, onEnterList, className } = props;
  return (
    <div className={cn('relative min-w-0', className)}>
      <Search aria-hidden className="absolute top-1.5 left-2 size-4 text-ink-3" strokeWidth={1.75} />
      <TextField
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' && onEnterList !== undefined) {
            event.preventDefault();
            onEnterList();
          } else if (event.key === 'Escape' && value !== '') {
            event.preventDefault();
            onChange('');
          }
        }}
        className="pl-8"
      />
    </div>
  );
}
