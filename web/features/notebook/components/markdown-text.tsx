import Markdown, { defaultUrlTransform, type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';

const LINK = 'text-accent-text underline underline-offset-2';

/** An image that is inside of the text itself. */
const IMAGE_DATA = /^data:image\/(?:png|jpeg|gif|webp|avif|svg\+xml);base64,[A-Za-z0-9+/=]+$/;

/** Links are made safe; images may also be inside of the text. */
function urlOf(url: string, key: string): string {
  return key === 'src' && IMAGE_DATA.test(url) ? url : defaultUrlTransform(url);
}

function hostOf(url: string): string {
  return URL.canParse(url) ? ` at ${new URL(url).host}` : '';
}

/**
 * Nothing in a notebook makes the page ask another host: images from elsewhere are links to where they are, and raw HTML is
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
  img: ({ src, alt }) => {
    const where = typeof src === 'string' ? src : '';
    const name = alt === undefined || alt === '' ? 'image' : alt;
    if (IMAGE_DATA.test(where)) return <img src={where} alt={name} className="my-2 max-w-full rounded-md" />;
    return (
      <>
        <a href={where} target="_blank" rel="noreferrer" className={LINK}>
          {name}
        </a>
        <span className="text-xs text-ink-3"> (image{hostOf(where)}, not loaded: it opens there)</span>
      </>
    );
  },
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
    <Markdown remarkPlugins={[remarkGfm]} components={COMPONENTS} urlTransform={urlOf}>
      {source}
    </Markdown>
  );
}
