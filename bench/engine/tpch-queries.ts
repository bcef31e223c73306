import { fileURLToPath } from 'node:url';
import { AppError } from '#shared/errors/app-error.ts';
import { readFamilies } from '../../e2e/parity/statements.ts';

export interface TpchQuery {
  /** q01 to q22. */
  readonly name: string;
  readonly sql: string;
}

/**
 * The constants by which the specification validates its queries, where the suite's own are for fewer rows: what to
 * replace, and what by.
 */
const VALIDATION: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  q02: [['p_size < 25', 'p_size = 15']],
  q08: [["p_type LIKE 'ECONOMY%'", "p_type = 'ECONOMY ANODIZED STEEL'"]],
  q11: [['* 0.005', '* 0.0001']],
  q17: [
    ["p_brand LIKE 'Brand#2%'", "p_brand = 'Brand#23'"],
    ["p_container LIKE 'MED%'", "p_container = 'MED BOX'"],
  ],
  q18: [['> 220', '> 300']],
  q19: [
    ["p_brand LIKE 'Brand#1%'", "p_brand = 'Brand#12'"],
    ['l_quantity <= 31 AND p_size BETWEEN 1 AND 25', 'l_quantity <= 11 AND p_size BETWEEN 1 AND 5'],
    ["p_brand LIKE 'Brand#2%'", "p_brand = 'Brand#23'"],
    ['l_quantity <= 40 AND p_size BETWEEN 1 AND 30', 'l_quantity <= 20 AND p_size BETWEEN 1 AND 10'],
  ],
  q20: [["n_name < 'J'", "n_name = 'CANADA'"]],
  q21: [['n_regionkey <> 2', "n_name = 'SAUDI ARABIA'"]],
};

/** The 22 queries, over the tables of the namespace tpch; a line each, as an editor indents and closes what is typed. */
export function tpchQueries(): readonly TpchQuery[] {
  const folder = fileURLToPath(new URL('../../e2e/parity/queries', import.meta.url));
  const family = readFamilies(folder).find(({ name }) => name === 'tpch');
  return (family?.statements ?? []).flatMap(({ name: title, sql }) => {
    const name = /^q\d\d/.exec(title)?.[0];
    return name === undefined ? [] : [{ name, sql: validated(name, sql).replaceAll(/\s+/g, ' ') }];
  });
}

export function tpchQuery(name: string): TpchQuery {
  const query = tpchQueries().find((each) => each.name === name);
  if (query === undefined) throw new AppError('INTERNAL', `There is no TPC-H query ${name}.`);
  return query;
}

function validated(name: string, sql: string): string {
  return (VALIDATION[name] ?? []).reduce((text, [from, to]) => replaced(text, from, to), sql);
}

/** @throws INTERNAL where the text is not there: the suite's query was changed, and this has to follow */
export function replaced(sql: string, from: string, to: string): string {
  if (!sql.includes(from)) throw new AppError('INTERNAL', `The query has no "${from}" to replace: ${sql}`);
  return sql.replace(from, to);
}
