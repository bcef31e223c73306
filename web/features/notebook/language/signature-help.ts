import { same } from '#shared/sql/scope/resolve.ts';
import { cursorAt } from './cursor.ts';
import { parameterText, signatureText } from './function-text.ts';
import type { LanguageFacts } from './language-facts.ts';

export interface SignatureHelp {
  readonly signatures: readonly {
    readonly label: string;
    readonly parameters: readonly string[];
  }[];
  readonly about: string | undefined;
  /** Index of the signature that fits what is written so far. */
  readonly active: number;
  /** Index of the argument at the cursor. */
  readonly argument: number;
}

/** How the function is called whose arguments the place is among; null outside of any. */
export function signatureHelpAt(text: string, offset: number, facts: LanguageFacts): SignatureHelp | null {
  const { list, offset: at } = cursorAt(text, offset);
  let depth = 0;
  let argument = 0;
  for (let token = list.tokens.findLastIndex(({ start }) => start < at); token >= 0; token -= 1) {
    const symbol = list.text(token);
    if (symbol === ')' || symbol === ']' || symbol === '}') depth += list.end(token) <= at ? 1 : 0;
    else if (list.isOpening(token)) {
      if (depth > 0) {
        depth -= 1;
        continue;
      }
      const found = facts.functions.find(({ name }) => same(name, list.word(token - 1)));
      return symbol === '(' && found !== undefined ? help(found, argument) : null;
    } else if (symbol === ',' && depth === 0) argument += 1;
  }
  return null;
}

function help(
  { name, signatures, description }: LanguageFacts['functions'][number],
  argument: number,
): SignatureHelp {
  const fitting = signatures.findIndex(
    ({ parameters, varargs }) => parameters.length > argument || varargs !== undefined,
  );
  return {
    signatures: signatures.map((each) => ({
      label: signatureText(name, each),
      parameters: each.parameters.map(parameterText),
    })),
    about: description,
    active: Math.max(0, fitting),
    argument,
  };
}
