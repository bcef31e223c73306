import { clsx, type ClassValue } from 'clsx';
import { extendTailwindMerge } from 'tailwind-merge';

const merge = extendTailwindMerge({ extend: { theme: { text: ['xs', 'sm', 'base', 'lg'] } } });

/** Joins class names; of two Tailwind utilities that clash, the later one wins. */
export function cn(...values: ClassValue[]): string {
  return merge(clsx(values));
}
