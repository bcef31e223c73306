import { ChevronDown, Zap } from 'lucide-react';
import type { EnginePreference } from '#shared/contract/plan.ts';
import { Button } from '#web/components/button.tsx';
import { Menu, MenuChoice, MenuLabel } from '#web/components/menu.tsx';
import { allowedEngine, setPreferredEngine, usePreferredEngine } from '#web/lib/engine-preference.ts';
import { useHasCluster, useTabEngine } from '#web/lib/system.ts';
import { engineChoices } from '../model/engine-choices.ts';

/** Where queries run: wherever they are answered first, or always in one place. Kept for all notebooks. */
export function EngineMenu() {
  const tabEngine = useTabEngine();
  const preferred = allowedEngine(usePreferredEngine(), tabEngine);
  const choices = engineChoices({ hasCluster: useHasCluster(), tabEngine }, preferred);
  const { label, icon: Icon } = choices.find(({ value }) => value === preferred) ?? AUTO;
  return (
    <Menu
      align="end"
      trigger={
        <Button
          look="quiet"
          aria-label={`Queries run: ${label}`}
          title="Where queries run, in all notebooks of this browser"
          className="font-normal"
        >
          <Icon aria-hidden className="size-4" strokeWidth={1.75} />
          {label}
          <ChevronDown aria-hidden className="size-3.5 text-ink-3" />
        </Button>
      }
    >
      <MenuLabel>Run queries</MenuLabel>
      <MenuChoice
        value={preferred}
        onChange={(value) => setPreferredEngine(value as EnginePreference)}
        options={choices}
      />
    </Menu>
  );
}

const AUTO = { label: 'Auto', icon: Zap };
