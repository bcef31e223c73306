import type { TableAlteration } from '#shared/contract/table-changes.ts';

const SHOWN = 5;

/** What a list of alterations does, as a commit's message has it. */
export function describeAlterations(changes: readonly TableAlteration[]): string {
  const shown = changes.slice(0, SHOWN).map(describe);
  const more = changes.length - shown.length;
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} more`;
}

function describe(change: TableAlteration): string {
  switch (change.action) {
    case 'add-column':
      return `add column ${[...(change.parent === undefined ? [] : [change.parent].flat()), change.name].join('.')}`;
    case 'drop-column':
      return `drop column ${name(change.column)}`;
    case 'rename-column':
      return `rename column ${name(change.column)} to ${change.to}`;
    case 'update-type':
      return `change the type of ${name(change.column)} to ${change.type}`;
    case 'set-required':
      return `make ${name(change.column)} ${change.required ? 'required' : 'optional'}`;
    case 'move-column':
      return `move column ${name(change.column)}`;
    case 'set-doc':
      return `document ${name(change.column)}`;
    case 'set-default':
      return `set the default of ${name(change.column)}`;
    case 'set-identifier-fields':
      return `set identifier fields`;
    case 'add-partition-field':
      return `partition by ${change.transform}(${name(change.source)})`;
    case 'remove-partition-field':
      return `no longer partition by ${change.name}`;
    case 'rename-partition-field':
      return `rename partition field ${change.name} to ${change.to}`;
    case 'set-sort-order':
      return change.fields.length === 0
        ? 'unsorted'
        : `sort by ${change.fields.map((f) => name(f.source)).join(', ')}`;
    case 'set-properties':
      return `set ${Object.keys(change.properties).join(', ')}`;
    case 'remove-properties':
      return `remove ${change.names.join(', ')}`;
    case 'upgrade-format-version':
      return `format version ${change.formatVersion}`;
  }
}

function name(column: string | readonly string[]): string {
  return [column].flat().join('.');
}
