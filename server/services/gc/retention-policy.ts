import { retentionPolicy, type RetentionPolicy } from '#shared/contract/gc.ts';
import { parseJson } from '#shared/util/json.ts';
import type { ContentKey } from '#server/catalog/model.ts';
import type { ServiceContext } from '../context.ts';

const SETTING = 'history-retention';
const KEEP_ALL: RetentionPolicy = { branches: [], namespaces: [] };

type Settings = Pick<ServiceContext, 'settings'>;

/** What is kept of history; everything where nobody has said otherwise. */
export async function getRetention({ settings }: Settings): Promise<RetentionPolicy> {
  const text = await settings.get(SETTING);
  return text === null ? KEEP_ALL : retentionPolicy.parse(parseJson(text));
}

export async function setRetention(
  { settings }: Settings,
  policy: RetentionPolicy,
): Promise<RetentionPolicy> {
  await settings.set(SETTING, JSON.stringify(policy));
  return policy;
}

/** What keeps a commit: its age, or how many of its branch are newer. Null keeps all. */
export interface KeepRule {
  readonly newerThan: number;
  readonly last: number;
}

/** The namespaces that rules name, '' for what is in none of them: contents of one class are kept alike. */
export function classesOf({ namespaces }: RetentionPolicy): readonly string[] {
  return [...new Set(['', ...namespaces.map(({ namespace }) => namespace)])];
}

/** The longest of the classes that a content lies in. */
export function classOf(classes: readonly string[], key: ContentKey): string {
  const name = key.join('.');
  return classes.filter((one) => lies(name, one)).sort((a, b) => b.length - a.length)[0] ?? '';
}

/** All that apply to a branch and a class, as one: what one of them keeps is kept. */
export function ruleFor(
  policy: RetentionPolicy,
  branch: string,
  inClass: string,
  now: number,
): KeepRule | null {
  const own = [
    ...policy.branches.filter((one) => matches(one.branch, branch)),
    ...policy.namespaces.filter(({ namespace }) => inClass === namespace || lies(inClass, namespace)),
  ];
  const rules = own.length > 0 ? own : policy.default === undefined ? [] : [policy.default];
  if (rules.length === 0) return null;
  return {
    newerThan: Math.min(
      ...rules.map(({ keepForMs }) => (keepForMs === undefined ? Infinity : now - keepForMs)),
    ),
    // The head is always kept.
    last: Math.max(1, ...rules.map(({ keepLast }) => keepLast ?? 1)),
  };
}

function lies(name: string, namespace: string): boolean {
  return namespace === '' || name.startsWith(`${namespace}.`);
}

function matches(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(name);
}
