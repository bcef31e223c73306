import { duckDbTypeOf } from '#shared/iceberg/duckdb-types.ts';
import type { ResultColumn } from '#shared/contract/plan.ts';
import { currentSchema } from '../../iceberg/metadata/lookup.ts';
import { nodesOf } from '../analyze/ast.ts';
import { hasColumn } from './block-names.ts';
import { keysOf, type BlockForm, type Grouping } from './block-form.ts';
import { canonical } from './canonical.ts';
import { mismatch } from './mismatch.ts';
import type { StoredView } from './stored-view.ts';

/** A column of a materialized view. */
export interface ViewColumn {
  readonly name: string;
  /** DuckDB's, of the expression in the view's query. */
  readonly type: string;
  /** DuckDB's, of what is stored; a value of one has exactly one of the other. */
  readonly stored: string;
  /** Of a view with groups: it is an aggregate, or made of some, and not the same for all rows of a group. */
  readonly measure: boolean;
}

/** The query of a materialized view and where its answer is stored. */
export interface ViewForm {
  readonly block: BlockForm;
  /** Null for a view that has rows of its tables, each by itself. */
  readonly grouping: (Grouping & { readonly texts: ReadonlySet<string> }) | null;
  /** By the canonical text of the expression. */
  readonly columns: ReadonlyMap<string, ViewColumn>;
}

/** Types whose equal values are the same in every way: 0.0 and -0.0, or 30 days and a month, are not. */
const EXACTLY_EQUAL =
  /^(BOOLEAN|(TINY|SMALL|BIG|HUGE|UTINY|USMALL|UBIG|UHUGE)INT|U?INTEGER|DECIMAL\(\d+, ?\d+\)|VARCHAR|DATE|TIME|TIMESTAMP(_NS| WITH TIME ZONE)?|UUID|BLOB)$/;
/** Types that Iceberg has not, and that wider ones hold. */
const WIDENED = /^((TINY|SMALL|HUGE|UTINY|USMALL|UBIG|UHUGE)INT|UINTEGER)$/;

export function isExactlyEqual(type: string): boolean {
  return EXACTLY_EQUAL.test(type);
}

/**
 * @param types of the answer of the view's query
 * @throws Mismatch for a view that answers nothing but itself
 */
export function viewForm(view: StoredView, block: BlockForm, types: readonly ResultColumn[]): ViewForm {
  const modifiers = nodesOf(block.node['modifiers']);
  const isLimited = modifiers.some(
    ({ type, distinct_on_targets: on }) =>
      type !== 'ORDER_MODIFIER' && (type !== 'DISTINCT_MODIFIER' || nodesOf(on).length > 0),
  );
  if (isLimited || block.having !== null) throw mismatch('it leaves out some of its groups or rows');
  if (block.distinct && block.grouping !== null) throw mismatch('it leaves out some of its groups or rows');
  const distinct: Grouping = { keys: block.items.map(({ node }) => node), whole: false };
  const grouping = block.grouping ?? (block.distinct ? distinct : null);
  const { fields } = currentSchema(view.metadata);
  if (fields.length !== block.items.length || types.length !== fields.length)
    throw mismatch('it has other columns than its query');
  const columns = new Map<string, ViewColumn>();
  for (const [index, { node, aggregates: measure }] of block.items.entries()) {
    const [field, result] = [fields[index], types[index]];
    const text = canonical(node);
    if (field === undefined || result === undefined || columns.has(text)) continue;
    if (!measure && !hasColumn(node)) continue;
    const { type } = result;
    const stored = duckDbTypeOf(field.type);
    if (type !== stored && !WIDENED.test(type)) continue;
    // Of a group one value stands for all that are equal to it.
    if (grouping !== null && !measure && !isExactlyEqual(type)) continue;
    columns.set(text, { name: field.name, type, stored, measure });
  }
  return {
    block,
    grouping: grouping === null ? null : { ...grouping, texts: keysOf(grouping.keys) },
    columns,
  };
}
