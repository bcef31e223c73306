import { Check, ChevronDown, X } from 'lucide-react';
import { useId, useState } from 'react';
import { IconButton } from '#web/components/icon-button.tsx';
import { Popover } from '#web/components/popover.tsx';
import { TextField } from '#web/components/text-field.tsx';
import { cn } from '#web/lib/class-names.ts';
import { countOf } from '#web/lib/format/numbers.ts';
import { foundChoices } from '../model/found-choices.ts';

interface ChoiceFieldProps {
  readonly label: string;
  readonly choices: readonly string[];
  readonly chosen: readonly string[];
  /** Several at once; else choosing one closes the list. */
  readonly several: boolean;
  readonly onChosen: (chosen: readonly string[]) => void;
  /** Before the list is seen: what it has may have to be asked for. */
  readonly onOpen: () => void;
  /** What the list says while it has nothing. */
  readonly empty: string;
}

/** A list to choose from that is searched by typing; arrows, Enter and Esc work from the field. */
export function ChoiceField(props: ChoiceFieldProps) {
  const { label, choices, chosen, several, onChosen, onOpen, empty } = props;
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState('');
  const [at, setAt] = useState(0);
  const list = useId();
  const { shown, more } = foundChoices(choices, wanted);
  const active = Math.min(at, Math.max(0, shown.length - 1));
  const choose = (value: string | undefined) => {
    if (value === undefined) return;
    if (!several) {
      onChosen([value]);
      setOpen(false);
    } else onChosen(chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value]);
  };
  return (
    <span className="inline-flex min-w-0 items-center gap-1">
      <Popover
        label={`Choices of ${label}`}
        open={open}
        onOpenChange={(next) => {
          setOpen(next);
          setWanted('');
          setAt(0);
          if (next) onOpen();
        }}
        className="w-64 p-1"
        trigger={
          <button
            type="button"
            aria-label={label}
            title={chosen.join(', ')}
            className="inline-flex h-7 w-56 min-w-0 items-center justify-between gap-2 rounded-md border border-line-strong bg-surface px-2 hover:bg-hover"
          >
            <span className={cn('truncate', chosen.length === 0 && 'text-ink-3')}>
              {chosen.length === 0
                ? 'Choose'
                : chosen.length > 3
                  ? `${chosen.length} chosen`
                  : chosen.join(', ')}
            </span>
            <ChevronDown aria-hidden className="size-3.5 shrink-0 text-ink-3" />
          </button>
        }
      >
        <TextField
          role="combobox"
          aria-label={`Find in ${label}`}
          aria-expanded
          aria-controls={list}
          aria-activedescendant={shown[active] === undefined ? undefined : `${list}-${active}`}
          placeholder="Type to find"
          value={wanted}
          onChange={(event) => {
            setWanted(event.target.value);
            setAt(0);
          }}
          onKeyDown={(event) => {
            const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
            if (by !== undefined) setAt(Math.min(Math.max(active + by, 0), shown.length - 1));
            else if (event.key === 'Enter') choose(shown[active]);
            else return;
            event.preventDefault();
          }}
        />
        <div
          role="listbox"
          id={list}
          aria-label={label}
          aria-multiselectable={several}
          className="mt-1 max-h-72 overflow-y-auto"
        >
          {shown.map((value, index) => (
            // The keys are those of the field above.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
            <div
              key={value}
              role="option"
              id={`${list}-${index}`}
              aria-selected={chosen.includes(value)}
              ref={(element) => {
                if (index === active) element?.scrollIntoView({ block: 'nearest' });
              }}
              onClick={() => choose(value)}
              onPointerMove={() => index !== active && setAt(index)}
              className={cn('row', index === active && 'bg-hover')}
            >
              <span className="truncate" title={value}>
                {value}
              </span>
              {chosen.includes(value) && (
                <Check aria-hidden className="ml-auto size-4 shrink-0 text-accent-text" />
              )}
            </div>
          ))}
        </div>
        {shown.length === 0 && (
          <p className="px-2 py-1 text-ink-3">{wanted === '' ? empty : 'None has that.'}</p>
        )}
        {more > 0 && (
          <p className="px-2 py-1 text-xs text-ink-3">{countOf(more, 'more choice')}: type to find them</p>
        )}
      </Popover>
      {chosen.length > 0 && (
        <IconButton icon={X} label={`Clear ${label}`} small onClick={() => onChosen([])} />
      )}
    </span>
  );
}
