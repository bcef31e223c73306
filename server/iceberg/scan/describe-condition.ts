import { formatValue } from '#shared/iceberg/format-value.ts';
import { indexById, type LocatedField, type Schema } from '#shared/iceberg/schema.ts';
import { isPrimitive } from '#shared/iceberg/types.ts';
import type { IcebergValue } from '#shared/iceberg/values.ts';
import type { Leaf, Positive } from './predicate.ts';

const SIGNS = { eq: '=', 'not-eq': '<>', lt: '<', 'lt-eq': '<=', gt: '>', 'gt-eq': '>=' } as const;
/** Longer lists are cut. */
const LISTED = 3;

/** A condition as a person would write it in SQL. */
export function describeCondition(condition: Positive, schema: Schema): string {
  const byId = indexById(schema);
  const describe = (part: Positive): string => {
    switch (part.op) {
      case 'true':
      case 'false':
        return part.op;
      case 'and':
        return `${describe(part.left)} AND ${describe(part.right)}`;
      case 'or':
        return `(${describe(part.left)} OR ${describe(part.right)})`;
      default:
        return describeLeaf(part, byId.get(part.fieldId));
    }
  };
  return describe(condition);
}

function describeLeaf(leaf: Leaf, located: LocatedField | undefined): string {
  const name = located?.path.join('.') ?? `field ${leaf.fieldId}`;
  const show = (value: IcebergValue): string => {
    const type = located?.field.type;
    const text = type !== undefined && isPrimitive(type) ? formatValue(type, value) : String(value);
    return typeof value === 'string' || /^\d+-\d/.test(text) ? `'${text.replaceAll("'", "''")}'` : text;
  };
  switch (leaf.op) {
    case 'is-null':
      return `${name} IS NULL`;
    case 'not-null':
      return `${name} IS NOT NULL`;
    case 'is-nan':
      return `isnan(${name})`;
    case 'not-nan':
      return `NOT isnan(${name})`;
    case 'in':
    case 'not-in': {
      const shown = leaf.values.slice(0, LISTED).map(show);
      const more = leaf.values.length > LISTED ? ', …' : '';
      return `${name} ${leaf.op === 'in' ? 'IN' : 'NOT IN'} (${shown.join(', ')}${more})`;
    }
    case 'starts-with':
    case 'not-starts-with':
      return `${name} ${leaf.op === 'starts-with' ? 'LIKE' : 'NOT LIKE'} '${String(leaf.value)}%'`;
    default:
      return `${name} ${SIGNS[leaf.op]} ${show(leaf.value)}`;
  }
}
