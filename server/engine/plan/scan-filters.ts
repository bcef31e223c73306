import type { Expression } from '#shared/iceberg/expression.ts';
import type { NestedField } from '#shared/iceberg/types.ts';
import { present } from '#shared/util/present.ts';
import type { AstNode } from '../analyze/ast.ts';
import type { Bound } from './binder.ts';
import type { ConditionReader } from './condition-reader.ts';
import type { PlanShape } from './explain.ts';
import { exactFilter, filterExpression } from './filter-expression.ts';

export interface ScanFilters {
  /** See filterExpression. */
  readonly files: Expression;
  /** See exactFilter, of the first scan of the table; null for a plan of another shape, and where it can't be said. */
  readonly exact: Expression | null;
}

/** What conditions are on: see filterExpression and exactFilter. */
export interface FilteredFields {
  readonly files: readonly NestedField[];
  readonly all: readonly NestedField[];
}

/** Plans without conditions beside those of their scan. */
const WITHOUT_OTHERS: ReadonlySet<PlanShape> = new Set(['scan', 'limit', 'aggregate']);

/**
 * The conditions of each table of a bound query as expressions. A long list of values takes seconds to read, and what
 * comes of it is small: it is kept for as long as the binding is.
 */
export class ScanFilterReader {
  readonly #reader: ConditionReader;
  readonly #known = new WeakMap<Bound, Map<number, Promise<ScanFilters>>>();

  constructor(reader: ConditionReader) {
    this.#reader = reader;
  }

  /** @param index of the table, whose `fields` are the same for a binding */
  async of(bound: Bound, index: number, fields: FilteredFields): Promise<ScanFilters> {
    const known = this.#known.get(bound) ?? new Map<number, Promise<ScanFilters>>();
    this.#known.set(bound, known);
    const filters = known.get(index) ?? this.#read(bound, index, fields);
    known.set(index, filters);
    return filters;
  }

  async #read({ uses, shape, names }: Bound, index: number, fields: FilteredFields): Promise<ScanFilters> {
    const reader = readingOnce(this.#reader);
    const use = uses[index];
    const [first] = use?.filters ?? [];
    const isAll = first !== undefined && shape !== null && WITHOUT_OTHERS.has(shape);
    const conditions = { filters: [], ...use, ...present({ names: names?.[index] }) };
    return {
      files: await filterExpression(reader, conditions, fields.files),
      exact: isAll ? await exactFilter(reader, first, fields.all) : null,
    };
  }
}

/** Does not read a long condition twice; see ConditionReader. */
function readingOnce(reader: ConditionReader): Pick<ConditionReader, 'read'> {
  const known = new Map<string, Promise<AstNode | null>>();
  return {
    read: async (text) => {
      const node = known.get(text) ?? reader.read(text);
      known.set(text, node);
      return node;
    },
  };
}
