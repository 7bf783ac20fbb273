import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkProse, makeSafe, safeChoices, safeExhibits } from '../../src/agent/output-gate.ts';
import type { EvidenceSources } from '../../src/domain/language/evidence.ts';
import { exponentOf } from '../../src/domain/money/exponents.ts';
import type { Json } from '../../src/domain/types.ts';

const HOSTS = ['psizero.example'];
const safe = (text: string) => makeSafe(text, HOSTS);

function sources(data: Json[], ...texts: string[]): EvidenceSources {
  return { data, texts, tz: 'America/New_York', nowAt: Date.parse('2026-11-22T20:00:00Z'), exponentOf };
}

const MRR = sources(
  [{ value: { minor: 8_412_049, currency: 'USD' }, change: -0.0312, customers: 412 }],
  'how is MRR?',
);

describe('figures', () => {
  it.each([
    'MRR is $84,120.49.',
    'MRR is about $84k, down 3.1%.',
    'MRR is $84.1k across 412 customers.',
    'It is 84,120.49 USD.',
    'Down 3.12 percent as of Nov 22, 2026.',
    '1. MRR\n2. $84,120',
    'p95 and Q3 are names, and one of us knows.',
  ])('backed by the data pass: %s', (prose) => {
    expect(checkProse(prose, MRR)).toEqual({ ok: true });
  });

  it.each([
    'MRR is $84,121.49.',
    'MRR is $85k.',
    'MRR is €84,120.49.',
    'Down 4.1%.',
    'Across 413 customers.',
    'MRR is eighty-five thousand dollars.',
    'MRR is $８５,０００.',
    'MRR is 84,120.49k.',
    'On Nov 23, 2026.',
    'See INV-1042.',
    'It rose 2x to 900.',
    'MRR is $84,120.49, or $1.01M a year.',
  ])('that match nothing are caught: %s', (prose) => {
    expect(checkProse(prose, MRR).ok).toBe(false);
  });

  it('a number of one kind does not back another', () => {
    expect(checkProse('$412.00', MRR).ok).toBe(false);
    expect(checkProse('412%', sources([{ value: { minor: 41_200, currency: 'USD' } }])).ok).toBe(false);
  });

  it('never pass when they are off at the precision shown', () => {
    const amount = fc.integer({ min: 10_000, max: 99_999_999 });
    fc.assert(
      fc.property(amount, fc.integer({ min: 1, max: 99_999 }), (minor, off) => {
        const shown = (value: number) =>
          `$${(value / 100).toLocaleString('en-US', { minimumFractionDigits: 2 })}`;
        const facts = sources([{ minor, currency: 'USD' }]);
        expect(checkProse(`It is ${shown(minor)}.`, facts).ok).toBe(true);
        expect(checkProse(`It is ${shown(minor + off)}.`, facts).ok).toBe(false);
      }),
    );
  });

  it('never survive in prose without any data', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 1_000_000_000 }),
        fc.constantFrom('$#', '#%', '# customers', '€#', '#k', 'around #'),
        (n, shape) => {
          fc.pre(n < 1900 || n > 2200);
          expect(checkProse(`It is ${shape.replace('#', String(n))} now`, sources([])).ok).toBe(false);
        },
      ),
    );
  });
});

describe('deeds', () => {
  it.each([
    "I've refunded it.",
    'I have sent the mail.',
    'The refund has been approved.',
    'This was approved by Dana.',
  ])('cannot be claimed: %s', (prose) => {
    expect(checkProse(prose, sources([])).ok).toBe(false);
  });
});

describe('links', () => {
  it.each([
    'https://attacker.example/x',
    '[click](https://attacker.example)',
    '[click](attacker.example)',
    '<https://attacker.example|click>',
    '<https://attacker.example>',
    '![pixel](https://attacker.example/p.png)',
    '[click][1]\n\n[1]: https://attacker.example',
    'attacker.example/pay',
    'www.attacker.example',
    'https://psizero.example/redirect?to=https%3A%2F%2Fattacker.example',
    'https://psizero.example/https://attacker.example',
    'https://psizero.example@attacker.example',
    'https://psizero.example.attacker.example',
    'mail me at pay@attacker.example',
    'javascript:alert(1)//attacker.example',
    'HTTPS://ATTACKER.EXAMPLE',
    'h\u200bttps://attacker\u200b.example',
    'attacker。example',
  ])('that are not on the list do not come through: %s', (text) => {
    expect(safe(`before ${text} after`)).not.toMatch(/attacker[.。]example/i);
    expect(safe(`before ${text} after`)).toContain('before');
  });

  it('on the list stay, with their label', () => {
    expect(safe('see [the page](https://status.psizero.example/now)')).toContain(
      '(https://status.psizero.example/now)',
    );
  });
});

describe('mentions', () => {
  it.each([
    '<!channel>',
    '<!here|here>',
    '<@U123ABC>',
    '<!subteam^S123|@finance>',
    '@channel',
    '@here',
    '@everyone',
    '<<!here>!channel>',
    '@\u200bhere',
    '＠channel',
  ])('do not survive: %s', (text) => {
    expect(safe(`hello ${text} there`)).not.toMatch(/<[!@#]|[@＠]\s*(?:here|channel|everyone)/i);
  });

  it('never survive, nor raw angle brackets, whatever surrounds them', () => {
    const piece = fc.constantFrom(
      '<',
      '!',
      '@',
      '>',
      '|',
      'here',
      'channel',
      'everyone',
      'U1',
      '#',
      ' ',
      '\u200b',
      'https://a.example',
      '[',
      ']',
      '(',
      ')',
      '&',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const out = safe(pieces.join(''));
        expect(out).not.toMatch(/[<>]/);
        expect(out).not.toMatch(/[@＠](?:here|channel|everyone)/i);
        expect(out).not.toMatch(/a\.example/);
      }),
      { numRuns: 500 },
    );
  });
});

describe('text', () => {
  it('is escaped once and loses invisible and bidirectional characters', () => {
    expect(safe('a & b < c')).toBe('a &amp; b &lt; c');
    expect(safe('\u202eevorppa\u202c \u{e0041}x\u2066')).toBe('evorppa x');
  });

  it('is cut at a length Slack takes', () => {
    expect(safe('word '.repeat(20_000)).length).toBeLessThanOrEqual(48_000);
  });

  it('in cells leads nowhere, but keeps a record’s own host and address', () => {
    const rows = [
      ['see https://attacker.example/x', 'go to attacker.example now', 'acme.example', 'dana@acme.example'],
    ];
    const columns = rows.flat().map((header) => ({ header, align: 'left' as const }));
    expect(safeExhibits([{ kind: 'table', title: 'x', columns, rows }])[0]).toMatchObject({
      rows: [['see [link removed]', 'go to [link removed] now', 'acme.example', 'dana@acme.example']],
    });
  });

  it('in cells and buttons pings nobody either', () => {
    const [table] = safeExhibits([
      {
        kind: 'table',
        title: 'x',
        columns: [{ header: 'h', align: 'left' }],
        rows: [['<!channel> \u202eAcme']],
      },
    ]);
    expect(table).toMatchObject({ rows: [['everyone Acme']] });
    expect(safeChoices([{ label: '<@U1>', say: 'x' }])[0]?.label).toBe('someone');
  });
});
