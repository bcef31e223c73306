/** The product's mark: a branch that leaves the main line and goes on. */
export function Mark() {
  return (
    <svg viewBox="0 0 24 24" role="img" aria-label="TimeStream" className="size-6 text-accent">
      <path
        d="M4 8h7.5a4 4 0 0 1 4 4 4 4 0 0 0 4 4"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
      />
      <path
        d="M4 16h7"
        fill="none"
        stroke="currentColor"
        strokeOpacity=".45"
        strokeWidth="2"
        strokeLinecap="round"
      />
      <circle cx="4" cy="8" r="2" fill="currentColor" />
      <circle cx="20" cy="16" r="2" fill="currentColor" />
    </svg>
  );
}
