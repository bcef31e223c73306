const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** What a query can begin with, after a parenthesis too. */
export const QUERY_STARTS = words('select with from values pivot unpivot describe summarize table');
export const SET_OPERATIONS = words('union intersect except');

/** Words that end a SELECT list, a FROM clause, or what comes after it. */
export const CLAUSES = words(
  'select from where group having order limit offset qualify window using on set returning union intersect except',
);

/** Words after a table that are no alias of it. */
export const AFTER_TABLE = words(
  'where group having order limit on using join inner left right full cross natural lateral union except intersect ' +
    'window qualify set values select returning sample tablesample asof positional anti semi offset fetch at pivot ' +
    'unpivot as when then default by from with rename add drop alter to full where zorder',
);

/** Words in front of a name that make it no alias of what is before them. */
export const NO_ALIAS_AFTER = words(
  'and or not is like ilike in between then else when distinct all case similar escape glob collate interval at over ' +
    'filter within respect ignore nulls select lambda',
);

/** Words that end an expression and are no alias of it. */
export const NO_ALIAS = words(
  'null true false end asc desc first last and or not is like ilike in between then else',
);

/** Words after which a statement names the table that it is about. */
export const BEFORE_TABLE = words(
  'into update describe summarize table optimize vacuum truncate pivot unpivot',
);
