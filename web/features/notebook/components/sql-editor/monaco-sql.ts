import type * as Monaco from 'monaco-editor/editor';
import { SQL_KEYWORDS } from '../../language/sql-words.ts';

const MORE_KEYWORDS =
  'insert into update delete merge create drop alter table view branch tag set returning explain analyze pragma use copy ' +
  'if begin commit rollback recursive materialized lateral positional semi anti natural outer right by only first last rows range ' +
  'unbounded preceding following current row version timestamp show optimize vacuum retain zorder restore to history';

/** Coloured as a name; by the second word Monaco closes no quotes inside of it. */
const QUOTED_NAME = 'identifier.string';

/** DuckDB's SQL as far as colours need it: a name before a parenthesis is a function, the rest are keywords or names. */
export function registerSql(monaco: typeof Monaco): void {
  const keywords = new Set(
    SQL_KEYWORDS.flatMap((each) => each.toLowerCase().split(/[^a-z]+/)).filter((each) => each !== ''),
  );
  for (const each of MORE_KEYWORDS.split(' ')) keywords.add(each);
  monaco.languages.register({ id: 'sql', aliases: ['SQL'] });
  monaco.languages.setLanguageConfiguration('sql', {
    comments: { lineComment: '--', blockComment: ['/*', '*/'] },
    brackets: [
      ['(', ')'],
      ['[', ']'],
      ['{', '}'],
    ],
    autoClosingPairs: [
      { open: '(', close: ')' },
      { open: '[', close: ']' },
      { open: '{', close: '}' },
      { open: "'", close: "'", notIn: ['string', 'comment'] },
      { open: '"', close: '"', notIn: ['string', 'comment'] },
    ],
  });
  monaco.languages.setMonarchTokensProvider('sql', {
    ignoreCase: true,
    // Monaco's own themes colour names that end in ".sql".
    tokenPostfix: '',
    keywords: [...keywords],
    tokenizer: {
      root: [
        [/--.*$/, 'comment'],
        [/\/\*/, 'comment', '@comment'],
        [/\$([a-z_]\w*)?\$/, { token: 'string', next: '@dollar.$0' }],
        [/e'/, 'string', '@escaped'],
        [/'/, 'string', '@string'],
        [/"/, QUOTED_NAME, '@quoted'],
        [/\d[\d_]*(\.[\d_]*)?(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?/, 'number'],
        // What follows AS is a name, whatever it is called.
        [/(as)(\s+)([a-z_]\w*)\b(?!\s*\()/, ['keyword', '', 'identifier']],
        [
          /[a-z_\u0080-\uffff][\w$\u0080-\uffff]*(?=\s*\()/,
          { cases: { '@keywords': 'keyword', '@default': 'predefined' } },
        ],
        [
          /[a-z_\u0080-\uffff][\w$\u0080-\uffff]*/,
          { cases: { '@keywords': 'keyword', '@default': 'identifier' } },
        ],
        [/[^\s\w'"$]/, 'delimiter'],
      ],
      comment: [
        [/\/\*/, 'comment', '@push'],
        [/\*\//, 'comment', '@pop'],
        [/[^/*]+|[/*]/, 'comment'],
      ],
      string: [
        [/[^']+|''/, 'string'],
        [/'/, 'string', '@pop'],
      ],
      escaped: [
        [/[^'\\]+|''|\\./, 'string'],
        [/'/, 'string', '@pop'],
      ],
      quoted: [
        [/[^"]+|""/, QUOTED_NAME],
        [/"/, QUOTED_NAME, '@pop'],
      ],
      dollar: [
        [
          /\$([a-z_]\w*)?\$/,
          { cases: { '$0==$S2': { token: 'string', next: '@pop' }, '@default': 'string' } },
        ],
        [/[^$]+|\$/, 'string'],
      ],
    },
  });
}
