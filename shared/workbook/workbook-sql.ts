import { AppError } from '../errors/app-error.ts';
import { asRelation } from '../sql/as-relation.ts';
import { quoteIdentifier } from '../sql/quoting.ts';

/** A column of what is written; `type` is DuckDB's. */
export interface WorkbookColumn {
  readonly name: string;
  readonly type: string;
}

/** What a workbook does with a column. */
export type Kind = 'number' | 'boolean' | 'date' | 'time' | 'timestamp' | 'text';

const MAX_COLUMNS = 16_384;

export function kindOf(type: string): Kind {
  const name = type.toUpperCase();
  if (/^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE)$/.test(name) || /^DECIMAL\([\d, ]+\)$/.test(name))
    return 'number';
  if (name === 'BOOLEAN') return 'boolean';
  if (name === 'DATE') return 'date';
  if (/^TIME(_NS)?$/.test(name)) return 'time';
  return /^TIMESTAMP(_S|_MS|_US|_NS)?$|^TIMESTAMP(TZ| WITH TIME ZONE)$/.test(name) ? 'timestamp' : 'text';
}

/** Excel counts days from 1899-12-30, but is wrong about February 1900: what is earlier is written as text. */
const FIRST_DAY = '1900-03-01';
const LAST_DAY = '9999-12-31';

/**
 * The rows of a query such that each value is what its cell holds. Without functions that the tab's engine lacks.
 *
 * @throws UNSUPPORTED where a sheet has no place for so many columns
 */
export function workbookSql(columns: readonly WorkbookColumn[], sql: string): string {
  if (columns.length > MAX_COLUMNS)
    throw new AppError(
      'UNSUPPORTED',
      `A sheet of Excel has ${MAX_COLUMNS} columns, and the result ${columns.length}. Choose Parquet or CSV.`,
    );
  const items = columns.map(({ type }, column) => {
    const name = quoteIdentifier(`c${column}`);
    const text = `CAST(${name} AS VARCHAR)`;
    const within = (day: string) => `${day} BETWEEN DATE '${FIRST_DAY}' AND DATE '${LAST_DAY}'`;
    switch (kindOf(type)) {
      case 'number':
      case 'boolean':
      case 'text':
        return text;
      case 'date':
        return `CASE WHEN ${within(name)} THEN '#' || CAST(date_diff('day', DATE '1899-12-30', ${name}) AS VARCHAR) ELSE ${text} END`;
      case 'time':
        return `'#' || CAST(date_part('epoch', ${name}) / 86400 AS VARCHAR)`;
      case 'timestamp': {
        // In UTC. AT TIME ZONE would say it more simply, but only where ICU is.
        const plain = /TZ|ZONE/i.test(type)
          ? `make_timestamp(epoch_us(${name}))`
          : `CAST(${name} AS TIMESTAMP)`;
        return `CASE WHEN isfinite(${name}) AND ${within(`CAST(${plain} AS DATE)`)} THEN '#' || CAST(date_diff('day', TIMESTAMP '1899-12-30', date_trunc('day', ${plain})) + date_part('epoch', CAST(${plain} AS TIME)) / 86400 AS VARCHAR) ELSE ${text} END`;
      }
    }
  });
  return `SELECT ${items.join(', ')} FROM ${asRelation(sql, columns.length)}`;
}
