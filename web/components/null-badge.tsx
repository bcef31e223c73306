/** The absence of a value, quiet but not mistakable for an empty text. */
export function NullBadge() {
  return (
    <span className="rounded-sm border border-line px-1 font-sans text-xs leading-none text-ink-3 select-none">
      NULL
    </span>
  );
}
