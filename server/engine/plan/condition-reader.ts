import { LRUCache } from 'lru-cache';
import { isNode, nodesOf, type AstNode } from '../analyze/ast.ts';
import type { SqlParser } from '../analyze/parse.ts';

/** Of the conditions that are remembered; their syntax trees take many times as much. */
const KNOWN_CHARACTERS = 256 * 1024;
/** A longer one is a list of values, which the next query has others of. */
const MOST_CHARACTERS = 4096;

/**
 * The conditions that EXPLAIN shows, as syntax trees. What is in a condition is in its text, and queries that differ
 * elsewhere have the same ones: each is parsed once.
 */
export class ConditionReader {
  readonly #parser: SqlParser;
  readonly #known = new LRUCache<string, { readonly node: AstNode | null }>({
    maxSize: KNOWN_CHARACTERS,
    maxEntrySize: MOST_CHARACTERS,
    sizeCalculation: (_, text) => text.length,
  });

  constructor(parser: SqlParser) {
    this.#parser = parser;
  }

  /** Null where the text is no condition; rejects where it is no SQL. */
  async read(text: string): Promise<AstNode | null> {
    const known = this.#known.get(text);
    if (known !== undefined) return known.node;
    const root = await this.#parser.parse(`SELECT ${text}`, true);
    const [condition, ...more] = nodesOf(root['select_list']);
    const node = condition === undefined || more.length > 0 || !isBareSelect(root) ? null : condition;
    this.#known.set(text, { node });
    return node;
  }
}

function isBareSelect(root: AstNode): boolean {
  const from = root['from_table'];
  return root['where_clause'] === null && isNode(from) && from['type'] === 'EMPTY';
}
