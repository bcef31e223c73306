import { exactInstant, formatRelative } from '#web/lib/format/instants.ts';
import { useNow } from '#web/lib/use-now.ts';

/** "4 minutes ago", with local time and UTC on hover. @param time ISO 8601 */
export function RelativeTime({ time, className }: { time: string; className?: string }) {
  const now = useNow();
  return (
    <time dateTime={time} title={exactInstant(time)} className={className}>
      {formatRelative(time, now)}
    </time>
  );
}
