import type { SqlFunction } from '#shared/contract/functions.ts';
import { MACRO_TEXTS } from './macro-texts.ts';
import { collationText, SCALAR_TEXTS } from './scalar-texts.ts';

type Signature = SqlFunction['signatures'][number];

interface Known {
  readonly description: string;
  /** In place of the engine's; null where those say more. */
  readonly signature: Signature | null;
}

const LINE = /^(?<name>\w+)(?:\((?<arguments>.*)\) -> (?<returns>.+?))? :: (?<description>.+)$/;

/** What our own lines say of functions, by name. */
export const OWN_TEXTS: ReadonlyMap<string, Known> = new Map(
  [...MACRO_TEXTS.trim().split('\n'), ...SCALAR_TEXTS.trim().split('\n')].flatMap((line) => {
    const found = LINE.exec(line)?.groups;
    if (found === undefined) return [];
    const { name = '', arguments: given, returns, description = '' } = found;
    const signature =
      given === undefined || returns === undefined ? null : { ...argumentsOf(given), returns };
    return [[name, { description, signature }] as const];
  }),
);

/** A function with what the engine's catalog does not say of it: types, names of arguments, what it does. */
export function withTexts(found: SqlFunction): SqlFunction {
  const language = /^icu_collate_(\w+)$/.exec(found.name)?.[1];
  if (language !== undefined)
    return {
      ...found,
      description: collationText(language),
      signatures: found.signatures.map((each) => ({
        ...each,
        parameters: each.parameters.map(({ type }) => ({ name: 'text', type })),
      })),
    };
  const own = OWN_TEXTS.get(found.name);
  if (own === undefined) return found;
  return {
    ...found,
    description: found.description ?? own.description,
    signatures: own.signature === null ? found.signatures : [own.signature],
  };
}

function argumentsOf(text: string): Pick<Signature, 'parameters' | 'varargs'> {
  // A comma within parentheses belongs to a type.
  const parts = text === '' ? [] : text.split(/, (?![^(]*\))/);
  const parameters = parts
    .filter((part) => part !== '…')
    .map((part) => {
      const [name = '', ...type] = part.split(' ');
      return { name, type: type.join(' ') };
    });
  return { parameters, ...(parts.includes('…') ? { varargs: 'ANY' } : {}) };
}
