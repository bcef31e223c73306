/** A number as it was written: JSON's may have more digits than a double keeps. */
class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Json = null | boolean | string | JsonNumber | readonly Json[] | { readonly [name: string]: Json };

type Group = readonly Json[] | { readonly [name: string]: Json };

/** Undefined where the text is no JSON. Numbers keep their digits where the browser says how they were written. */
export function parseJson(text: string): Json | undefined {
  const reviver = (_key: string, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' ? new JsonNumber(context?.source ?? String(value)) : value;
  try {
    return JSON.parse(text, reviver) as Json;
  } catch {
    return undefined;
  }
}

export function isGroup(value: Json): value is Group {
  return value !== null && typeof value === 'object' && !(value instanceof JsonNumber);
}

/** Its parts with their names; those of a list have none. */
export function jsonEntries(value: Group): readonly (readonly [string | null, Json])[] {
  return Array.isArray(value)
    ? (value as readonly Json[]).map((part) => [null, part] as const)
    : Object.entries(value);
}

/** On one line; with `limit`, cut soon after so many letters. */
export function jsonText(value: Json, limit = Infinity): string {
  let out = '';
  const write = (each: Json): void => {
    if (out.length > limit) return;
    if (each instanceof JsonNumber) out += each.text;
    else if (!isGroup(each)) out += JSON.stringify(each);
    else if (Array.isArray(each)) list('[', each as readonly Json[], ']', write);
    else
      list('{', Object.entries(each), '}', ([name, part]) => {
        out += `${JSON.stringify(name)}: `;
        write(part);
      });
  };
  const list = <T>(open: string, parts: readonly T[], close: string, put: (part: T) => void) => {
    out += open;
    for (const [at, part] of parts.entries()) {
      if (out.length > limit) return;
      if (at > 0) out += ', ';
      put(part);
    }
    out += close;
  };
  write(value);
  return out.length > limit ? `${out.slice(0, limit)}…` : out;
}
