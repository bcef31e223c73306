import { cellName, type Cell } from '../contract/notebooks.ts';

/** A code or text cell of a Jupyter notebook that another program wrote. */
export interface ForeignCell {
  readonly type: 'code' | 'markdown' | 'raw';
  readonly source: string;
  /** Of code, where the cell itself says it. */
  readonly language?: string | undefined;
  /** Images of a text by the names that it calls them by: base64 by MIME type. */
  readonly attachments?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
}

/** How SQL is called as a language, a kernel or a magic. */
const SQL = /^(?:.*sql|duckdb|dql)$/i;
const STATEMENT =
  /^(?:with|select|from|values|table|create|insert|update|delete|merge|describe|show|summarize|pivot|unpivot|alter|drop|explain)\b/i;

/**
 * A cell of another program's: SQL as SQL, and code of any other language as text, since nothing here runs it.
 *
 * @param language of the notebook's kernel; null where it does not say
 */
export function cellOf(cell: ForeignCell, language: string | null, id: string): Cell {
  if (cell.type !== 'code') return { id, kind: 'markdown', source: withImages(cell) };
  const magic = /^\s*%%(\S+)[ \t]*([^\n]*)(?:\n|$)/.exec(cell.source);
  const own = magic?.[1] ?? cell.language ?? language;
  if (magic !== null && (own === 'markdown' || own === 'md'))
    return { id, kind: 'markdown', source: cell.source.slice(magic[0].length) };
  if (magic !== null && SQL.test(own ?? ''))
    return sqlCell(magic[2] ?? '', cell.source.slice(magic[0].length), id);
  const lines = sqlLines(cell.source);
  if (lines !== null) return { id, kind: 'sql', view: 'grid', ...lines };
  const text = cell.source.replace(/^(?:\s*--[^\n]*\n)*\s*/, '');
  if (SQL.test(own ?? '') || (own === null && (text === '' || STATEMENT.test(text))))
    return { id, kind: 'sql', source: cell.source, view: 'grid' };
  return { id, kind: 'markdown', source: fenced(cell.source, own ?? '') };
}

/** `%%sql --save daily`, `%%sql daily <<` and `%%sql SELECT …`: the line says a name, or has SQL already. */
function sqlCell(line: string, rest: string, id: string): Cell {
  const name = /(?:^|\s)--save[= ]\s*(\S+)/.exec(line)?.[1] ?? /^(\S+)\s*<<\s*$/.exec(line)?.[1] ?? '';
  const source = STATEMENT.test(line) ? `${line}\n${rest}`.trimEnd() : rest;
  return { id, kind: 'sql', source, view: 'grid', ...(cellName.safeParse(name).success ? { name } : {}) };
}

/** The SQL of a cell of nothing but line magics (`%sql SELECT 1`, `daily = %sql FROM t`); null for any other. */
function sqlLines(source: string): { readonly source: string; readonly name?: string } | null {
  const lines = source.split('\n').filter((line) => line.trim() !== '');
  const read = lines.map((line) => /^\s*(?:(\S+)\s*=\s*)?%(\S+)\s+(?:(\S+)\s*<<\s*)?(.*)$/.exec(line));
  if (read.length === 0 || !read.every((each) => each !== null && SQL.test(each[2] ?? ''))) return null;
  const statements = read.map((each) => (each?.[4] ?? '').trim().replace(/;$/, ''));
  if (!statements.every((each) => STATEMENT.test(each))) return null;
  const last = read.at(-1);
  const name = last?.[1] ?? last?.[3] ?? '';
  return { source: statements.join(';\n'), ...(cellName.safeParse(name).success ? { name } : {}) };
}

function fenced(source: string, language: string): string {
  const longest = Math.max(2, ...[...source.matchAll(/^\s*(`+)/gm)].map(([, run]) => run?.length ?? 0));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language.replaceAll(/[\s`]/g, '')}\n${source}\n${fence}`;
}

/** Images that are inside of the file go to the foot of the text, where they are in nobody's way. */
function withImages({ source, attachments = {} }: ForeignCell): string {
  const foot: string[] = [];
  let text = source;
  for (const [name, types] of Object.entries(attachments)) {
    const [type, data] = Object.entries(types).find(([each]) => each.startsWith('image/')) ?? [];
    if (type === undefined || data === undefined) continue;
    for (const written of new Set([name, encodeURI(name)])) {
      const place = `](attachment:${written})`;
      if (!text.includes(place)) continue;
      const label = `image-${foot.length + 1}`;
      text = text.replaceAll(place, `][${label}]`);
      foot.push(`[${label}]: data:${type};base64,${data.replaceAll(/\s/g, '')}`);
    }
  }
  return foot.length === 0 ? text : `${text}\n\n${foot.join('\n')}`;
}
