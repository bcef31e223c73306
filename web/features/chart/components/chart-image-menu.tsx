import { ImageDown } from 'lucide-react';
import type { RefObject } from 'react';
import { errorMessage } from '#shared/errors/app-error.ts';
import { IconButton } from '#web/components/icon-button.tsx';
import { Menu, MenuItem } from '#web/components/menu.tsx';
import { useToast } from '#web/components/toast.tsx';
import { saveImage } from '../model/save-image.ts';

interface ChartImageMenuProps {
  readonly figure: RefObject<HTMLElement | null>;
  /** Stands over the image, and names its file where `fileName` does not. */
  readonly title: string;
  readonly fileName?: string;
}

/** The chart as an image, in the colours that it has here. */
export function ChartImageMenu({ figure, title, fileName = title }: ChartImageMenuProps) {
  const toast = useToast();
  const save = (format: 'svg' | 'png') => {
    if (figure.current === null) return;
    saveImage(figure.current, { title, fileName }, format).catch((error: unknown) =>
      toast({ title: 'The chart was not saved.', description: errorMessage(error), tone: 'bad' }),
    );
  };
  return (
    <Menu align="end" trigger={<IconButton icon={ImageDown} label="Save the chart as an image" />}>
      <MenuItem onSelect={() => save('png')}>PNG, twice as sharp</MenuItem>
      <MenuItem onSelect={() => save('svg')}>SVG</MenuItem>
    </Menu>
  );
}
