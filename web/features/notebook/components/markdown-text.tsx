import Markdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';

const LINK = 'text-accent-text underline underline-offset-2';

/**
 * Nothing in a notebook makes the page ask another host: images are links to where they are, and raw HTML is
 * not rendered at all.
 */
const COMPONENTS: Components = {
  h1: ({ children }) => <h2 className="mt-2 mb-1 text-lg font-semibold">{children}</h2>,
  h2: ({ children }) => <h3 className="mt-2 mb-1 text-base font-semibold">{children}</h3>,
  h3: ({ children }) => <h4 className="mt-2 mb-1 font-semibold">{children}</h4>,
  h4: ({ children }) => <h5 className="mt-2 mb-1 font-semibold text-ink-2">{children}</h5>,
  p: ({ children }) => <p className="my-1.5 max-w-[72ch] text-ink-2">{children}</p>,
  strong: ({ children }) => <strong className="font-semibold text-ink">{children}</strong>,
  ul: ({ children }) => <ul className="my-1.5 max-w-[72ch] list-disc pl-5 text-ink-2">{children}</ul>,
  ol: ({ children }) => <ol className="my-1.5 max-w-[72ch] list-decimal pl-5 text-ink-2">{children}</ol>,
  blockquote: ({ children }) => (
    <blockquote className="my-2 border-l-2 border-line-strong pl-3">{children}</blockquote>
  ),
  a: ({ href, children }) => (
    <a href={href} target="_blank" rel="noreferrer" className={LINK}>
      {children}
    </a>
  ),
  img: ({ src, alt }) => (
    <a href={typeof src === 'string' ? src : undefined} target="_blank" rel="noreferrer" className={LINK}>
      {alt === undefined || alt === '' ? 'image' : alt}
    </a>
  ),
  code: ({ children }) => (
    <code className="rounded-sm bg-sunken px-1 py-px font-mono text-[12px] text-ink">{children}</code>
  ),
  pre: ({ children }) => (
    <pre className="my-2 overflow-x-auto rounded-md bg-sunken p-3 [&_code]:bg-transparent [&_code]:p-0">
      {children}
    </pre>
  ),
  table: ({ children }) => (
    <div className="my-2 overflow-x-auto">
      <table className="border-collapse">{children}</table>
    </div>
  ),
  th: ({ children }) => (
    <th className="border-b border-line-strong px-3 py-1 text-left font-medium">{children}</th>
  ),
  td: ({ children }) => <td className="border-b px-3 py-1 text-ink-2">{children}</td>,
  hr: () => <hr className="my-4 border-line" />,
};

export function MarkdownText({ source }: { source: string }) {
  return (
    <Markdown remarkPlugins={[remarkGfm]} components={COMPONENTS}>
      {source}
    </Markdown>
  );
}
