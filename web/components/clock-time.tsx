import { exactInstant, formatClock } from '#web/lib/format/instants.ts';
import { useNow } from '#web/lib/use-now.ts';

/** "15:02:07", with the day where that is another, and local time and UTC on hover. @param time ISO 8601 */
export function ClockTime({ time, className }: { time: string; className?: string }) {
  const now = useNow();
  return (
    <time dateTime={time} title={exactInstant(time)} className={className}>
      {formatClock(time, now)}
    </time>
  );
}
