import type { MergeConflictInfo } from '#shared/contract/merges.ts';
import { Badge } from '#web/components/badge.tsx';
import { Button } from '#web/components/button.tsx';
import { Segmented } from '#web/components/segmented.tsx';
import { countOf } from '#web/lib/format/numbers.ts';
import { choiceText, conflictKind, shortPaths, sideText, type Choice } from './conflict-text.ts';
import type { LandingPlan } from './use-landing.ts';

interface ConflictListProps {
  readonly plan: LandingPlan;
  /** What is brought, and the branch that it is brought to, as the page calls them. */
  readonly source: string;
  readonly target: string;
  readonly className?: string;
}

/** What both sides changed in ways that don't combine: each with what the sides have, and what can be chosen. */
export function ConflictList({ plan, source, target, className }: ConflictListProps) {
  const { conflicts, choices, choose, chooseAll } = plan;
  if (conflicts.length === 0) return null;
  const open = conflicts.filter(({ key }) => !choices.has(key)).length;
  return (
    <section aria-label="Conflicts" className={className}>
      <div className="flex items-center gap-2 px-3 py-2">
        <h2 className="mr-auto font-medium">
          {countOf(conflicts.length, 'conflict')}
          <span className="font-normal text-ink-3">
            {open === 0 ? ' · all decided' : ` · ${open} to decide`}
          </span>
        </h2>
        {conflicts.length > 1 && (
          <>
            <Button small onClick={() => chooseAll('OURS')}>
              All from {target}
            </Button>
            <Button small onClick={() => chooseAll('THEIRS')}>
              All from {source}
            </Button>
          </>
        )}
      </div>
      <ul>
        {conflicts.map((conflict) => (
          <li key={conflict.key} className="border-t px-3 py-2">
            <div className="flex flex-wrap items-center gap-2">
              <span className="min-w-0 truncate font-medium" title={conflict.key}>
                {conflict.key}
              </span>
              <Badge tone="warn" title={conflict.kind}>
                {conflictKind(conflict.kind)}
              </Badge>
              <div className="ml-auto">
                <Segmented
                  label={`What becomes of ${conflict.key}`}
                  // Nothing is chosen to begin with: an empty value is none of the options.
                  value={choices.get(conflict.key) ?? ('' as Choice)}
                  onChange={(choice) => choose(conflict.key, choice)}
                  options={conflict.choices.map((choice) => ({
                    value: choice,
                    label: choiceText(choice, target, source),
                  }))}
                />
              </div>
            </div>
            <p className="mt-1 break-words text-ink-2" title={conflict.message}>
              {shortPaths(conflict.message)}
            </p>
            <dl className="mt-1 grid grid-cols-3 gap-x-4 text-xs">
              <Side name="Before both" side={conflict.base} />
              <Side name={target} side={conflict.ours} />
              <Side name={source} side={conflict.theirs} />
            </dl>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Side({ name, side }: { name: string; side: MergeConflictInfo['base'] }) {
  const { text, exact } = sideText(side);
  return (
    <div className="min-w-0">
      <dt className="truncate text-ink-3" title={name}>
        {name}
      </dt>
      <dd className="truncate font-mono" title={exact}>
        {text}
      </dd>
    </div>
  );
}
