import { randomUUID } from 'node:crypto';
import type { Content, ContentKey, Operation } from '#server/catalog/model.ts';
import { NAMESPACE } from './table-content.ts';

export type NamespaceProperties = Readonly<Record<string, string>>;

/** What the catalog keeps of a namespace. */
export function namespaceContent(properties: NamespaceProperties = {}, id: string = randomUUID()): Content {
  return { type: NAMESPACE, id, value: { properties } };
}

export function propertiesOfNamespace({ value }: Content): NamespaceProperties {
  const { properties } = value;
  return typeof properties === 'object' && properties !== null ? (properties as NamespaceProperties) : {};
}

/** Makes a namespace where it is missing. */
export function ensureNamespace(key: ContentKey): Operation {
  return { kind: 'ensure', key, content: namespaceContent() };
}
