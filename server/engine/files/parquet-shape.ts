import type { FileField, FileLeaf, FileStruct, FileType } from '#shared/iceberg/files/file-shape.ts';

/** One line of a Parquet file's schema, as DuckDB's parquet_schema() lists them: parents before their children. */
export interface SchemaElement {
  readonly name: string;
  readonly repetition: string | null;
  readonly children: number;
  readonly converted: string | null;
  readonly fieldId: number | null;
  readonly logical: string | null;
  /** Of a leaf. */
  readonly duckDbType: string | null;
}

const UTC_NANOSECONDS = /^TimestampType\(isAdjustedToUTC=1,.*NANOS=NanoSeconds/;

interface Node extends Omit<SchemaElement, 'children'> {
  readonly children: readonly Node[];
}

/**
 * A Parquet file's columns. Lists and maps are found by the rules that DuckDB has for them, which are those of the
 * Parquet format for what old writers made (lists of two levels, bare repeated fields), with one exception; see
 * `unwrapped`.
 */
export function shapeOfParquet(elements: readonly SchemaElement[]): readonly FileField[] {
  let at = 0;
  const node = (): Node => {
    const element = elements[at] as SchemaElement;
    at += 1;
    const children: Node[] = [];
    while (children.length < element.children && at < elements.length) children.push(node());
    return { ...element, children };
  };
  return elements.length === 0 ? [] : node().children.map(fieldOf);
}

function fieldOf(node: Node): FileField {
  return { id: node.fieldId, name: node.name, type: typeOf(node) };
}

function typeOf(node: Node): FileType {
  const type = withoutRepetition(node);
  if (node.repetition !== 'REPEATED') return type;
  return { kind: 'list', element: { id: null, name: node.name, type } };
}

function withoutRepetition(node: Node): FileType {
  const [only, ...others] = node.children;
  if (only === undefined) return leafOf(node);
  if (others.length === 0) {
    if (node.converted === 'MAP' || node.converted === 'MAP_KEY_VALUE') {
      const [key, value] = only.children;
      if (key !== undefined && value !== undefined)
        return { kind: 'map', key: fieldOf(key), value: fieldOf(value) };
    }
    if (node.converted === 'LIST' && only.repetition === 'REPEATED')
      return { kind: 'list', element: elementOf(node, only) };
    if (node.converted === 'LIST') return typeOf(only);
  }
  return structOf(node);
}

/** A list's element: the repeated field itself, or the only one that is in it. */
function elementOf(list: Node, repeated: Node): FileField {
  const itself = (type: FileType): FileField => ({ id: repeated.fieldId, name: repeated.name, type });
  const [inner, ...others] = repeated.children;
  if (inner === undefined || others.length > 0) return itself(withoutRepetition(repeated));
  if (repeated.converted === 'LIST' || repeated.converted === 'MAP')
    return itself(withoutRepetition(repeated));
  // The format has a struct of one field here; DuckDB gives that field.
  if (repeated.name === 'array' || repeated.name === `${list.name}_tuple`)
    return itself({ ...structOf(repeated), unwrapped: true });
  return fieldOf(inner);
}

function structOf(node: Node): FileStruct {
  return { kind: 'struct', fields: node.children.map(fieldOf) };
}

function leafOf(node: Node): FileLeaf {
  const leaf: FileLeaf = { kind: 'leaf', sqlType: leafType(node) };
  return UTC_NANOSECONDS.test(node.logical ?? '') ? { ...leaf, cut: true } : leaf;
}

function leafType(node: Node): string {
  // DuckDB's own name for it here is BLOB, but that is not what it reads.
  if (node.logical !== null && /^Geo(?:metry|graphy)Type\(/.test(node.logical)) return 'GEOMETRY';
  return node.duckDbType ?? '';
}
