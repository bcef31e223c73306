import type { Cell, NotebookContent } from '../contract/notebooks.ts';
import { quoteIdentifier } from '../sql/quoting.ts';
import { splitStatements } from '../sql/statements.ts';
import { significantTokens } from '../sql/tokenize.ts';
import { isWriteStatement } from '../sql/write-statements.ts';
import { inputParameters, setVariables } from './cell-sql.ts';

type Content = Pick<NotebookContent, 'title'> & { readonly cells: readonly Cell[] };

/**
 * A notebook as a script that DuckDB runs: named cells are views, inputs variables, text comments. For reading and for
 * other tools; the text form is what brings everything back.
 *
 * @param order ids of the cells, each after what it reads
 */
export function toSqlScript({ title, cells }: Content, order: readonly string[]): string {
  const parts = [comment(title)];
  const variables = setVariables(inputParameters(cells));
  if (variables.length > 0) parts.push(variables.join('\n'));
  const sorted = [...cells].sort((a, b) => order.indexOf(a.id) - order.indexOf(b.id));
  for (const cell of sorted) {
    if (cell.kind === 'markdown') parts.push(comment(cell.source));
    if (cell.kind !== 'sql') continue;
    const sql = withVariables(cell.source);
    const statements = splitStatements(sql);
    const last = statements.at(-1);
    if (last === undefined) continue;
    if (cell.name === undefined || isWriteStatement(last.text))
      parts.push(`${sql.slice(0, last.end).trim()};`);
    else {
      // What others read is the last of several statements.
      const head = sql.slice(0, last.start).trim();
      const view = `CREATE OR REPLACE TEMP VIEW ${quoteIdentifier(cell.name)} AS\n${last.text};`;
      parts.push(head === '' ? view : `${head}\n${view}`);
    }
  }
  return `${parts.join('\n\n')}\n`;
}

const VIEW =
  /^CREATE\s+(?:OR\s+REPLACE\s+)?(?:TEMP(?:ORARY)?\s+)?VIEW\s+("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_]*)\s+AS\s+/iu;
const NAME = /^[\p{L}_][\p{L}\p{N}_]{0,62}$/u;

/** A script as a notebook: a cell for each statement with the comment before it; views become named cells. */
export function fromSqlScript(script: string, title: string, makeId: () => string): Content {
  const statements = splitStatements(script);
  const cells: Cell[] = [];
  let from = 0;
  for (const { start, end, text } of statements) {
    const comments = script
      .slice(from, start)
      .replace(/^[\s;]+/, '')
      .trim();
    const view = VIEW.exec(text);
    const name = view?.[1]?.replace(/^"(.*)"$/s, '$1').replaceAll('""', '"');
    const isCell = view !== null && name !== undefined && NAME.test(name);
    const sql = isCell ? text.slice(view[0].length) : text;
    const source = comments === '' ? sql : `${comments}\n${sql}`;
    cells.push({ id: makeId(), kind: 'sql', source, view: 'grid', ...(isCell ? { name } : {}) });
    from = end;
  }
  const rest = script
    .slice(from)
    .replace(/^[\s;]+/, '')
    .trim();
  if (rest !== '') cells.push({ id: makeId(), kind: 'sql', source: rest, view: 'grid' });
  return { title: title.slice(0, 200), cells };
}

function withVariables(sql: string): string {
  return significantTokens(sql)
    .filter((token) => token.kind === 'parameter')
    .reduceRight(
      (text, { start, end }) =>
        `${text.slice(0, start)}getvariable('${sql.slice(start + 1, end)}')${text.slice(end)}`,
      sql,
    );
}

function comment(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '--' : `-- ${line}`))
    .join('\n');
}
