import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creditNoteFor, grossOf } from '../../../src/domain/billing/credit-notes/credit-wish.ts';
import type {
  CreditableLine,
  CreditNote,
} from '../../../src/domain/billing/credit-notes/plan-credit-note.ts';
import { fraction, roundTo } from '../../../src/domain/money/exact.ts';

const line = (lineKey: string, netMinor: bigint, taxMinor: bigint): CreditableLine => ({
  lineKey,
  netMinor,
  taxes: taxMinor === 0n ? [] : [{ name: 'vat', amountMinor: taxMinor }],
});
const lines = fc
  .array(fc.tuple(fc.bigInt(1n, 10_000_000n), fc.bigInt(0n, 25n)), { minLength: 1, maxLength: 4 })
  .map((all) => all.map(([net, rate], index) => line(`l${index}`, net, (net * rate) / 100n)));
const sum = (all: readonly bigint[]) => all.reduce((total, one) => total + one, 0n);

describe('how much of an invoice is credited', () => {
  it('a share and then the rest are the whole invoice with its tax, whatever the share', () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 99 }), (invoice, percent) => {
        const first = creditNoteFor(invoice, [], { kind: 'percent', percent: String(percent) }, 'half_away');
        const rest = creditNoteFor(invoice, [first], { kind: 'rest' }, 'half_away');
        const whole = sum(
          invoice.flatMap((one) => [one.netMinor, ...one.taxes.map((tax) => tax.amountMinor)]),
        );
        expect(first.totalMinor + rest.totalMinor).toBe(whole);
      }),
    );
  });

  it('a sum with tax is met to the cent, or refused', () => {
    fc.assert(
      fc.property(lines, fc.bigInt(1n, 10_000_000n), (invoice, wanted) => {
        let note: CreditNote | null = null;
        try {
          note = creditNoteFor(invoice, [], { kind: 'total', totalMinor: wanted }, 'half_away');
        } catch (error) {
          expect(error).toMatchObject({ name: 'UserError', code: 'invalid_input' });
        }
        if (note !== null) expect(note.totalMinor).toBe(wanted);
      }),
    );
  });

  it.each([
    ['without tax', [line('a', 10_000n, 0n)], 5_000n, 5_000n],
    ['with 19% tax', [line('a', 10_000n, 1_900n)], 5_950n, 5_000n],
    ['all of it', [line('a', 10_000n, 1_900n)], 11_900n, 10_000n],
  ] as const)('a sum %s', (_name, invoice, wanted, net) => {
    const note = creditNoteFor(invoice, [], { kind: 'total', totalMinor: wanted }, 'half_away');
    expect(note).toMatchObject({ totalMinor: wanted, netMinor: net });
  });

  it('a line is credited with its own tax alone', () => {
    const invoice = [line('a', 1_000n, 190n), line('b', 500n, 0n)];
    const note = creditNoteFor(invoice, [], { kind: 'line', lineKey: 'b' }, 'half_away');
    expect(note).toMatchObject({ netMinor: 500n, taxMinor: 0n });
  });

  it('what is credited before a discount leaves the net after it', () => {
    fc.assert(
      fc.property(
        fc.bigInt(2n, 1_000_000n),
        fc.bigInt(1n, 99n),
        fc.bigInt(1n, 100n),
        (grossMinor, off, part) => {
          const discountMinor = (grossMinor * off) / 100n;
          const net = ((grossMinor - discountMinor) * part) / 100n;
          const gross = grossOf({ grossMinor, discountMinor }, net);
          if (gross === null) return;
          expect(gross - roundTo(fraction(discountMinor * gross, grossMinor), 0, 'half_away')).toBe(net);
        },
      ),
    );
  });
});
