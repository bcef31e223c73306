import { isNode, nodesOf, textOf, type AstNode, type AstValue } from '../analyze/ast.ts';
import { compareSql, inSql } from './comparison.ts';
import { translate, type Operand } from './expression.ts';
import { refuse, words } from './refuse.ts';

/**
 * The conditions that DuckDB left to a scan.
 *
 * @param filters of LOGICAL_GET: by the number of a column of the table
 * @param columnOf the value of a column by that number
 * @throws UNSUPPORTED
 */
export function tableFilters(
  filters: AstValue | undefined,
  columnOf: (at: number) => Operand,
): readonly string[] {
  const set = isNode(filters) ? nodesOf(filters['filters']) : [];
  return set.flatMap(({ key, value }) =>
    isNode(value)
      ? (filterSql(value, columnOf(Number(key))) ?? [])
      : refuse('its plan is none that is known'),
  );
}

/** Null for one that is only to help, as the query checks it elsewhere. */
function filterSql(filter: AstNode, column: Operand): string | null {
  const kind = textOf(filter['filter_type']);
  switch (kind) {
    case 'OPTIONAL_FILTER':
      return null;
    case 'IS_NULL':
      return `(${column.sql} IS NULL)`;
    case 'IS_NOT_NULL':
      return `(${column.sql} IS NOT NULL)`;
    case 'CONSTANT_COMPARISON':
      return compareSql(textOf(filter['comparison_type']), column, constant(filter['constant']));
    case 'IN_FILTER':
      return inSql(column, nodesOf(filter['values']).map(constant));
    case 'CONJUNCTION_AND':
    case 'CONJUNCTION_OR': {
      const isAnd = kind === 'CONJUNCTION_AND';
      const all = nodesOf(filter['child_filters']).map((part) => filterSql(part, column));
      const parts = all.filter((part) => part !== null);
      // What only helps lets any row through.
      if (parts.length === 0 || (!isAnd && parts.length < all.length)) return null;
      return `(${parts.join(isAnd ? ' AND ' : ' OR ')})`;
    }
    case 'STRUCT_EXTRACT': {
      const child = filter['child_filter'];
      const at = Number(filter['child_idx']);
      const field = column.type.kind === 'struct' ? column.type.fields[at] : undefined;
      if (field === undefined || !isNode(child)) return refuse('its plan is none that is known');
      return filterSql(child, { sql: `(${column.sql})[${at + 1}]`, type: field.type });
    }
    case 'EXPRESSION_FILTER': {
      const expression = filter['expr'];
      return isNode(expression)
        ? translate(expression, [column]).sql
        : refuse('its plan is none that is known');
    }
    default:
      return refuse(`${words(kind).toLowerCase()} is not on the cluster`);
  }
}

function constant(value: AstValue | undefined): Operand {
  const node = isNode(value) ? value : refuse('a condition lacks its value');
  return translate({ expression_class: 'BOUND_CONSTANT', value: node }, []);
}
