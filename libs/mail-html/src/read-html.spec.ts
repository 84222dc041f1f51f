import { describe, expect, it } from '@jest/globals';
import { readHtml, readHtmlInTurns, type HtmlVisitor } from './read-html.js';

const MAX = 1024 * 1024;

/** Writes down what it is told. */
function recorder(): HtmlVisitor & { said: string[] } {
  const said: string[] = [];
  return {
    said,
    open: (tag, { href }) => said.push(href === undefined ? `<${tag}>` : `<${tag} ${href}>`),
    close: (tag) => said.push(`</${tag}>`),
    text: (text, hiding) => said.push(hiding === null ? text : `${hiding}: ${text}`),
    comment: (text) => said.push(`!${text}`),
  };
}

describe('readHtml', () => {
  it('tells elements, texts and comments in their order', () => {
    const visitor = recorder();
    readHtml('<P>a&amp;<a href="/x">b</a><br><!--c--></P>', MAX, visitor);
    expect(visitor.said.join('')).toBe('<p>a&<a /x>b</a><br></br>!c</p>');
  });

  it('tells why a text is not seen, and nothing of scripts and styles', () => {
    const visitor = recorder();
    readHtml(
      '<title>t</title><style>.x{display:none}</style><script>s</script><p class=x>a<b>b</b></p>c',
      MAX,
      visitor,
    );
    expect(visitor.said.filter((one) => !one.startsWith('<'))).toEqual(['display: a', 'display: b', 'c']);
  });

  it('says when it left something out', () => {
    expect(readHtml('x'.repeat(10), 10, recorder())).toEqual({ cut: false });
    expect(readHtml('x'.repeat(11), 10, recorder())).toEqual({ cut: true });
    expect(readHtml('<b>'.repeat(20_000), MAX, recorder())).toEqual({ cut: true });
    expect(readHtml(`<img src="data:image/png;base64,${'A'.repeat(100)}">`, 50, recorder())).toEqual({ cut: false });
  });
});

describe('readHtmlInTurns', () => {
  it('tells the same, and lets others work meanwhile', async () => {
    const html = '<p style="color:red">some text</p>'.repeat(30_000);
    const [atOnce, inTurns] = [recorder(), recorder()];
    readHtml(html, MAX, atOnce);
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 0);
    const end = await readHtmlInTurns(html, MAX, inTurns);
    clearInterval(counting);
    expect(end).toEqual({ cut: false });
    expect(inTurns.said).toEqual(atOnce.said);
    expect(turns).toBeGreaterThan(0);
  });
});
