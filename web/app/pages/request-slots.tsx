import { ChangesTab } from '#web/features/branches/components/changes-tab.tsx';
import { DryRun } from '#web/features/branches/components/dry-run.tsx';
import type { RequestSlots } from '#web/features/merge-requests/model/request-slots.ts';
import { MarkdownText } from '#web/features/notebook/components/markdown-text.tsx';

/** Where the features that a merge request is made of come together. */
export const requestSlots: RequestSlots = {
  renderChanges: (props) => <ChangesTab {...props} />,
  renderDryRun: (props) => <DryRun {...props} />,
  renderText: (markdown) => <MarkdownText source={markdown} />,
};
