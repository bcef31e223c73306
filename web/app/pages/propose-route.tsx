import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCompare } from '#web/features/branches/api/compare-refs.ts';
import { ProposePage } from '#web/features/merge-requests/components/propose-page.tsx';
import { gateText } from '#web/features/branches/model/protection.ts';
import { useRefs } from '#web/features/refs/api/list-refs.ts';
import { useOpenCommit } from './open-commit.ts';
import { requestSlots } from './request-slots.tsx';

const HERE = '/branches/merge-requests/new';

export function ProposeRoute() {
  const search = useSearch({ from: HERE });
  const navigate = useNavigate({ from: HERE });
  const openCommit = useOpenCommit();
  const list = useRefs().data;
  const target = search.target ?? list?.defaultBranch ?? '';
  const { source } = search;
  const compare = useCompare(target, source ?? target, source !== undefined && source !== target);
  if (list === undefined) return null;
  const gate = list.refs.find(({ name }) => name === target)?.mergeGate;
  return (
    <ProposePage
      list={list}
      source={source}
      target={target}
      onBranches={(branches) =>
        void navigate({ search: (before) => ({ ...before, ...branches }), replace: true })
      }
      compare={compare.data}
      gate={gate === undefined ? undefined : gateText(gate)}
      slots={requestSlots}
      onCommit={openCommit}
      onOpen={(id) =>
        void navigate({ to: '/branches/merge-requests/$id', params: { id: String(id) }, search: {} })
      }
    />
  );
}
