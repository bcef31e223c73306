import { ArrowDown, ArrowUp } from 'lucide-react';
import { useRef } from 'react';
import { formatInteger } from '#web/lib/format/numbers.ts';
import { useDistance } from '../api/compare-refs.ts';
import { useSeen } from '../model/in-view.ts';

interface DistanceProps {
  /** The default branch: its name and head. */
  readonly base: { readonly name: string; readonly hash: string };
  readonly hash: string;
}

/** How many commits a ref is ahead of the default branch, and behind it. Asked for once it is in view. */
export function Distance({ base, hash }: DistanceProps) {
  const place = useRef<HTMLSpanElement>(null);
  const seen = useSeen(place);
  const distance = useDistance(base.hash, hash, seen);
  if (hash === base.hash) return <span className="text-ink-3">same commit</span>;
  if (distance.isError) {
    return (
      <span className="text-ink-3" title={distance.error.message}>
        unknown
      </span>
    );
  }
  const { ahead, behind } = distance.data ?? {};
  return (
    <span
      ref={place}
      className="inline-flex items-center gap-3"
      {...(ahead === undefined || behind === undefined
        ? {}
        : { title: `${formatInteger(ahead)} ahead of ${base.name}, ${formatInteger(behind)} behind` })}
    >
      <Figure icon="ahead" value={ahead} />
      <Figure icon="behind" value={behind} />
    </span>
  );
}

function Figure({ icon, value }: { icon: 'ahead' | 'behind'; value: number | undefined }) {
  const Icon = icon === 'ahead' ? ArrowUp : ArrowDown;
  return (
    <span className={value === 0 ? 'text-ink-3' : 'text-ink-2'}>
      <Icon aria-hidden className="mr-0.5 inline size-3 align-[-1px]" />
      {value === undefined ? '…' : formatInteger(value)}
      <span className="sr-only"> {icon}</span>
    </span>
  );
}
