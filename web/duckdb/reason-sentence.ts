/** What plans say of the query without naming it. */
const OF_THE_QUERY = /^(?:needs|reads|runs|was) /;
/** What begins with a name that people write in lower case, or with an operator. */
const OF_A_NAME = /^\S+ is (?:not in|of an extension)/;

/** Why a plan names its engine, as a sentence of its own: some plans say it as a part of one. */
export function reasonSentence(reason: string): string {
  const ended = /[.!?]$/.test(reason) ? reason : `${reason}.`;
  if (OF_THE_QUERY.test(ended)) return `It ${ended}`;
  if (ended === 'asked for.') return 'It was asked for.';
  if (ended.startsWith('not on the cluster')) return `It is ${ended}`;
  return OF_A_NAME.test(ended) ? ended : ended.charAt(0).toUpperCase() + ended.slice(1);
}
