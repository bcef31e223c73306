import type { SavedResult } from '#shared/contract/notebook-history.ts';
import { cn } from '#web/lib/class-names.ts';
import { SkeletonRows } from './skeleton.tsx';

/** What the cells of a saved run came to. @param results undefined while they are on their way */
export function SavedResults({ results }: { results: readonly SavedResult[] | undefined }) {
  if (results === undefined) return <SkeletonRows count={3} className="mb-2 ml-2" />;
  return (
    <ul className="mb-2 ml-2 flex flex-col gap-2 border-l pl-3">
      {results.length === 0 && <li className="text-ink-3">The notebook had no cell to run.</li>}
      {results.map((result) => (
        <li key={result.cell}>
          <p className="flex gap-2 text-xs">
            <span className="font-mono">{result.name}</span>
            {result.error === undefined ? (
              <span className="text-ink-3">{`${result.rows.length}${result.truncated ? '+' : ''} ${result.rows.length === 1 && !result.truncated ? 'row' : 'rows'}`}</span>
            ) : (
              <span className="break-words text-bad">{result.error}</span>
            )}
          </p>
          {result.error === undefined && <FirstRows result={result} />}
        </li>
      ))}
    </ul>
  );
}

/** DuckDB's types of numbers; a list of them is none. */
const NUMERIC = /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\))$/;
const SHOWN_ROWS = 10;

function FirstRows({ result }: { result: SavedResult }) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so keys must reach it
    <div className="overflow-x-auto" role="region" aria-label={`Rows of ${result.name}`} tabIndex={0}>
      <table className="w-max border-collapse font-mono text-xs tabular-nums">
        <thead>
          <tr>
            {result.columns.map(({ name, type }) => (
              <th
                key={name}
                scope="col"
                className={cn('border-b px-2 font-medium', NUMERIC.test(type) ? 'text-right' : 'text-left')}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {result.rows.slice(0, SHOWN_ROWS).map((row, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- rows have no other name
            <tr key={index}>
              {row.map((value, at) => (
                <td
                  key={result.columns[at]?.name}
                  className={cn(
                    'max-w-72 truncate px-2',
                    NUMERIC.test(result.columns[at]?.type ?? '') && 'text-right',
                  )}
                >
                  {value === null
                    ? '–'
                    : typeof value === 'object'
                      ? JSON.stringify(value)
                      : (value as string | number)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
