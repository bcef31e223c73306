import type { OptimizeStatement, VacuumStatement } from './statement.ts';
import type { TokenCursor } from './token-cursor.ts';

const UNITS: Readonly<Record<string, number>> = { HOUR: 3_600_000, DAY: 86_400_000, MINUTE: 60_000 };

/** `OPTIMIZE [TABLE] t [FULL] [ZORDER BY (a, b)]`. */
export function parseOptimize(cursor: TokenCursor): OptimizeStatement {
  cursor.expect('OPTIMIZE');
  cursor.take('TABLE');
  const target = cursor.table();
  let full = cursor.take('FULL');
  let columns: OptimizeStatement['columns'] = null;
  if (cursor.take('ZORDER', 'BY')) {
    if (cursor.is('(')) columns = cursor.list(() => cursor.path('a column'));
    else {
      const named = [cursor.path('a column')];
      while (cursor.take(',')) named.push(cursor.path('a column'));
      columns = named;
    }
  }
  full = cursor.take('FULL') || full;
  cursor.finish();
  return { kind: 'optimize', sql: cursor.sql, target, full, columns };
}

/** `VACUUM [TABLE] t [RETAIN 7 DAYS] [DRY RUN]`. */
export function parseVacuum(cursor: TokenCursor): VacuumStatement {
  cursor.expect('VACUUM');
  cursor.take('TABLE');
  const target = cursor.table();
  let retainMs: number | null = null;
  if (cursor.take('RETAIN')) {
    const count = Number(cursor.peek());
    if (cursor.kind() !== 'number' || !Number.isFinite(count)) throw cursor.unexpected('a number');
    cursor.skip();
    const unit = UNITS[cursor.peek().replace(/S$/, '')];
    if (unit === undefined) throw cursor.unexpected('MINUTES, HOURS or DAYS');
    cursor.skip();
    retainMs = Math.round(count * unit);
  }
  const dryRun = cursor.take('DRY', 'RUN');
  cursor.finish();
  return { kind: 'vacuum', sql: cursor.sql, target, retainMs, dryRun };
}
