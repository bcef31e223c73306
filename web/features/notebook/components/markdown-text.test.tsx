import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { MarkdownText } from './markdown-text.tsx';

describe('MarkdownText', () => {
  afterEach(cleanup);

  it('renders tables and headings', () => {
    render(<MarkdownText source={'## Delays\n\n| a | b |\n|---|---|\n| 1 | 2 |'} />);
    expect(screen.getByRole('heading', { name: 'Delays' })).toBeTruthy();
    expect(screen.getByRole('cell', { name: '2' })).toBeTruthy();
  });

  it('asks no other host for anything and runs nothing', () => {
    const source =
      '![pixel](https://tracker.example/p.png) <img src="https://tracker.example/q.png"> <script>1</script> [x](javascript:alert(1))';
    const { container } = render(<MarkdownText source={source} />);
    expect(container.querySelectorAll('img, script, iframe')).toHaveLength(0);
    expect(screen.getByText('x').getAttribute('href') ?? '').not.toContain('javascript');
    expect(screen.getByRole('link', { name: 'pixel' })).toBeTruthy();
    expect(container.textContent).toContain('image at tracker.example, not loaded');
  });

  it('shows images that are inside of the text', () => {
    const data = 'data:image/png;base64,iVBORw0KGgo=';
    const source = `![a plot][image-1] ![no](data:text/html;base64,PHA+) [link](${data})\n\n[image-1]: ${data}`;
    const { container } = render(<MarkdownText source={source} />);
    expect(screen.getByRole('img', { name: 'a plot' }).getAttribute('src')).toBe(data);
    expect(container.querySelectorAll('img')).toHaveLength(1);
    expect(screen.getByText('link').getAttribute('href') ?? '').not.toContain('data:');
  });
});
