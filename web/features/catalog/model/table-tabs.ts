/** Parts of a table's page, as the URL names them. */
export const TABLE_TABS = ['schema', 'preview', 'profile', 'snapshots', 'files', 'properties'] as const;
export type TableTab = (typeof TABLE_TABS)[number];
