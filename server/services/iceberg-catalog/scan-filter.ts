import type { Expression, LiteralValue } from '#shared/iceberg/expression.ts';
import { findFieldById, findFieldByName, walkFields, type Schema } from '#shared/iceberg/schema.ts';
import { isPrimitive, type NestedField } from '#shared/iceberg/types.ts';
import type { JsonNode } from '#server/iceberg/metadata/json-node.ts';
import { valueFromJson } from '#server/iceberg/values/json-value.ts';

const PERHAPS: Expression = { op: 'true' };
const COMPARISONS = ['eq', 'not-eq', 'lt', 'lt-eq', 'gt', 'gt-eq', 'starts-with', 'not-starts-with'] as const;
const UNARY = ['is-null', 'not-null', 'is-nan', 'not-nan'] as const;
const SETS = ['in', 'not-in'] as const;

/**
 * A filter of the protocol as scan planning prunes by it. What planning cannot use (a transform, a function) may be
 * true of any file; the client applies the filter to the rows in any case.
 *
 * @throws INVALID_INPUT for what is no filter, and for columns that the schema does not have
 */
export function parseScanFilter(node: JsonNode, schema: Schema, caseSensitive: boolean): Expression {
  return new FilterReader(schema, caseSensitive).read(node, false);
}

class FilterReader {
  private readonly schema: Schema;
  private readonly caseSensitive: boolean;

  constructor(schema: Schema, caseSensitive: boolean) {
    this.schema = schema;
    this.caseSensitive = caseSensitive;
  }

  read(node: JsonNode, negated: boolean): Expression {
    if (typeof node.value === 'boolean') return constant(node.value !== negated);
    const type = node
      .get('type')
      .oneOf('true', 'false', 'and', 'or', 'not', ...COMPARISONS, ...UNARY, ...SETS);
    switch (type) {
      case 'true':
      case 'false':
        return constant((type === 'true') !== negated);
      case 'not':
        return this.read(node.get('child'), !negated);
      case 'and':
      case 'or':
        return {
          op: (type === 'and') === negated ? 'or' : 'and',
          left: this.read(node.get('left'), negated),
          right: this.read(node.get('right'), negated),
        };
      default: {
        const leaf = this.leaf(node, type);
        return negated ? opposite(leaf) : asIceberg(leaf);
      }
    }
  }

  private leaf(
    node: JsonNode,
    op: (typeof COMPARISONS)[number] | (typeof UNARY)[number] | (typeof SETS)[number],
  ): Expression {
    const term = node.optional('term') ?? node.optional('child') ?? node.get('left');
    const field = this.field(term);
    if (field === null) return PERHAPS;
    const fieldId = field.id;
    if (isOneOf(UNARY, op)) return { op, fieldId };
    if (isOneOf(SETS, op)) {
      const given = node.get('values');
      const members = Array.isArray(given.value) ? given.list() : given.get('values').list();
      const values = members.map((member) => literalOf(member, field));
      return values.some((value) => value === undefined)
        ? PERHAPS
        : { op, fieldId, values: values as readonly LiteralValue[] };
    }
    const value = literalOf(node.optional('value') ?? node.get('right'), field);
    return value === undefined ? PERHAPS : { op, fieldId, value };
  }

  /** Null for a term that is more than a column. */
  private field(term: JsonNode): NestedField | null {
    if (typeof term.value === 'string') return this.byName(term, term.value);
    if (term.get('type').text() !== 'reference') return null;
    const id = term.optional('id')?.int();
    if (id === undefined) {
      const name = term.optional('name') ?? term.get('term');
      return this.byName(name, name.text());
    }
    return (
      findFieldById(this.schema, id) ?? term.fail(`names the column ${id}, which the table does not have`)
    );
  }

  private byName(term: JsonNode, name: string): NestedField {
    for (const { field, path } of walkFields(this.schema)) if (path.join('.') === name) return field;
    const found = this.caseSensitive ? undefined : findFieldByName(this.schema, name.split('.'));
    return found ?? term.fail(`names the column '${name}', which the table does not have`);
  }
}

function constant(value: boolean): Expression {
  return { op: value ? 'true' : 'false' };
}

/** Undefined where it is no value of the column's type that is known here. */
function literalOf(node: JsonNode, field: NestedField): LiteralValue | undefined {
  if (!isPrimitive(field.type)) return undefined;
  const { value } = node;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return valueFromJson(field.type, isObject ? node.get('value').value : value);
}

/** "Not equal" is true of a null in Iceberg, and not in SQL, which is what planning goes by. */
function asIceberg(leaf: Expression): Expression {
  if (leaf.op !== 'not-eq' && leaf.op !== 'not-in' && leaf.op !== 'not-starts-with') return leaf;
  return { op: 'or', left: { op: 'is-null', fieldId: leaf.fieldId }, right: leaf };
}

/** As Iceberg negates: the opposite comparison, and never a "perhaps" turned into a "never". */
function opposite(leaf: Expression): Expression {
  if (leaf.op === 'true') return PERHAPS;
  if (leaf.op === 'not-eq') return { ...leaf, op: 'eq' };
  if (leaf.op === 'not-in') return { ...leaf, op: 'in' };
  if (leaf.op === 'not-starts-with') return { ...leaf, op: 'starts-with' };
  if (leaf.op === 'eq') return asIceberg({ ...leaf, op: 'not-eq' });
  if (leaf.op === 'in') return asIceberg({ ...leaf, op: 'not-in' });
  if (leaf.op === 'starts-with') return asIceberg({ ...leaf, op: 'not-starts-with' });
  return { op: 'not', child: leaf };
}

function isOneOf<const T extends string>(choices: readonly T[], text: string): text is T {
  return choices.some((choice) => choice === text);
}
