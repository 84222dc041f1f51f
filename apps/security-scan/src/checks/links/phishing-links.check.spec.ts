import { describe, expect, it } from '@jest/globals';
import { outboundMail } from '../../normalise/scanned-mail.fake.js';
import { phishingLinksCheck } from './phishing-links.check.js';

const run = (html: string) => phishingLinksCheck.run(outboundMail({ html }));
const link = (target: string, text = 'here') => `<p>See <a href="${target}">${text}</a></p>`;
/** `verdict.ts`: a mail is flagged from here on. */
const FLAGS = 0.5;

describe('a link', () => {
  it.each([
    ['runs a script', link('javascript:alert(1)')],
    ['runs a script in disguise', link(' JaVaScript:alert(1)')],
    ['carries a page', link('data:text/html;base64,PGgxPkhpPC9oMT4=')],
    ['has a host for its user', link('https://www.paypal.com@evil.example/login')],
    ['asks for an account at an address', link('http://203.0.113.9/dhl/login.php')],
    ['asks for an account at an address in other digits', link('http://0xCB007109/account')],
    ['imitates by letters of another script', link('https://xn--pypal-4ve.com/')],
    ['imitates by accents', link('https://xn--pypal-rqa.com/')],
    ['imitates by digits', link('https://paypa1.com/')],
    ['imitates by two letters for one', link('https://rnicrosoft.com/')],
    ['imitates by a missing letter', link('https://micrsoft.com/')],
    ['puts a company in front', link('https://paypal.com.session-check.example/id=1')],
    ['names a company with a demand', link('http://netflix-secure-login.example.net/verify')],
    ['shows a company and leads elsewhere', link('https://evil.example/x', 'https://www.paypal.com/signin')],
    ['is a form that does so', '<form action="https://paypal.com.evil.example/"><input></form>'],
  ])('that %s is found', (_, html) => {
    expect(run(html)[0]?.confidence).toBeGreaterThanOrEqual(FLAGS);
  });

  it.each([
    ['is the company\u2019s own', link('https://www.paypal.com/signin', 'paypal.com')],
    ['is its shop in another country', link('https://www.amazon.it/account')],
    ['counts clicks', link('https://click.mail.example/?u=https://shop.example', 'shop.example')],
    ['has a name in its own script', link('https://xn--bcher-kva.example/')],
    ['has a Russian name', link('https://xn--d1abbgf6aiiy.xn--p1ai/')],
    ['is mail', link('mailto:ann@example.com', 'ann@example.com')],
    ['shows a name of a file', link('https://files.example/a', 'report.pdf')],
    ['is a word like a company', link('https://phase.example/ https://purchase.example/')],
    ['is a picture from an address', '<img src="http://203.0.113.9/account/logo.png">'],
  ])('that %s is let pass', (_, html) => {
    expect(run(html)[0]?.confidence ?? 0).toBeLessThan(FLAGS);
  });

  it('is found in plain text and Markdown too', () => {
    const text = 'Go to https://paypa1.com/ or [paypal.com](https://evil.example/).';
    expect(phishingLinksCheck.run(outboundMail({ text }))).toHaveLength(2);
  });

  it('is told once, and its address is not repeated', () => {
    const found = run(link('https://paypa1.com/a') + link('https://paypa1.com/b'));
    expect(found.map(({ detail }) => detail)).toEqual([
      'A link leads to a host whose name is nearly that of a well-known company.',
    ]);
  });
});
