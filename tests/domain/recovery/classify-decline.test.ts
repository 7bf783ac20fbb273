import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { classifyDecline, type Decline } from '../../../src/domain/recovery/classify-decline.ts';
import { CARD_DECLINES, LOCAL_DECLINES } from '../../../src/domain/recovery/decline-codes.ts';
import { ADVICE_CODES, MASTERCARD_ADVICE, VISA_NEVER } from '../../../src/domain/recovery/network-codes.ts';
import { declineFrom } from '../../../src/domain/recovery/provider-decline.ts';

const SHARED = ['../shared/golden/decline-codes.json', '../../shared/golden/decline-codes.json'].find(
  (path) => existsSync(path),
);

const HOUR_MS = 3_600_000;

function decline(codes: Partial<Decline>): Decline {
  return {
    method: 'card',
    network: null,
    adviceCode: null,
    networkAdviceCode: null,
    networkDeclineCode: null,
    declineCode: null,
    ...codes,
  };
}

const SharedTable = z.object({
  advice_codes: z.record(z.string(), z.object({ retry: z.string(), ask_for_new_method: z.boolean() })),
  card: z.array(
    z.object({
      code: z.string(),
      category: z.string(),
      retry: z.string(),
      ask_for_new_method: z.boolean(),
      stripe_wont_execute_retry_until_new_method: z.boolean(),
      hide_reason_from_customer: z.boolean(),
      deprecated: z.boolean(),
    }),
  ),
  local_methods: z.array(z.object({ code: z.string(), category: z.string(), retry: z.string() })),
  mastercard_merchant_advice_codes: z.record(z.string(), z.string()),
  visa_response_categories: z.object({ '1_never': z.array(z.string()) }),
});

function published() {
  return SharedTable.parse(JSON.parse(readFileSync(SHARED ?? '', 'utf8')));
}

describe.skipIf(SHARED === undefined)('the published table', () => {
  it('has our card codes, each with the same meaning', () => {
    const table = published();
    expect(Object.keys(CARD_DECLINES).sort()).toEqual(table.card.map(({ code }) => code).sort());
    expect(table.card).toHaveLength(51);
    for (const row of table.card) {
      const means = classifyDecline(decline({ declineCode: row.code }));
      expect({
        code: row.code,
        category: means.category,
        retry: means.retry,
        ask_for_new_method: means.askForNewMethod,
        stripe_wont_execute_retry_until_new_method: means.heldByStripe,
        hide_reason_from_customer: CARD_DECLINES[row.code]?.hidden,
        deprecated: CARD_DECLINES[row.code]?.deprecated,
      }).toEqual(row);
    }
  });

  it('has our codes of local methods', () => {
    const table = published();
    expect(table.local_methods).toHaveLength(23);
    expect(Object.keys(LOCAL_DECLINES).sort()).toEqual(table.local_methods.map(({ code }) => code).sort());
    for (const row of table.local_methods) {
      const means = classifyDecline(decline({ method: 'local', declineCode: row.code }));
      expect({ code: row.code, category: means.category, retry: means.retry }).toEqual(row);
    }
  });

  it('has our advice codes, Mastercard advice codes and Visa codes of category 1', () => {
    const table = published();
    for (const [code, row] of Object.entries(table.advice_codes)) {
      expect({ code, ...ADVICE_CODES[code] }).toEqual({
        code,
        retry: row.retry,
        newMethod: row.ask_for_new_method,
      });
    }
    const codes = Object.keys(table.mastercard_merchant_advice_codes).filter((key) => /^\d\d$/.test(key));
    expect(Object.keys(MASTERCARD_ADVICE).sort()).toEqual(codes.sort());
    expect([...VISA_NEVER].sort()).toEqual(table.visa_response_categories['1_never'].sort());
  });
});

describe('what a decline means', () => {
  it.each<[string, Partial<Decline>, ReturnType<typeof expected>]>([
    [
      'advice goes before the decline code',
      { adviceCode: 'do_not_try_again', declineCode: 'insufficient_funds' },
      expected('no', 'hard', 'advice_code'),
    ],
    [
      'advice goes before a network code',
      {
        network: 'mastercard',
        adviceCode: 'try_again_later',
        networkAdviceCode: '01',
        declineCode: 'do_not_honor',
      },
      expected('auto', 'soft', 'advice_code'),
    ],
    [
      'a network code goes before the decline code',
      { network: 'visa', networkDeclineCode: '57', declineCode: 'do_not_honor' },
      expected('no', 'hard', 'network_code'),
    ],
    [
      'Mastercard 03 is never again',
      { network: 'Mastercard', networkAdviceCode: '03', declineCode: 'generic_decline' },
      expected('no', 'hard', 'network_code'),
    ],
    [
      'a code of another network says nothing',
      { network: 'amex', networkDeclineCode: '57', declineCode: 'do_not_honor' },
      expected('auto', 'soft', 'decline_code'),
    ],
    [
      'advice to confirm the card asks the customer',
      { adviceCode: 'confirm_card_data', declineCode: 'generic_decline' },
      expected('after_action', 'card_data', 'advice_code'),
    ],
    [
      'a category that agrees with the advice is kept',
      { adviceCode: 'try_again_later', declineCode: 'insufficient_funds' },
      expected('auto', 'insufficient_funds', 'advice_code'),
    ],
    [
      'fraud stays fraud',
      { adviceCode: 'do_not_try_again', declineCode: 'stolen_card' },
      expected('no', 'fraud', 'advice_code'),
    ],
    [
      'an unknown advice code is passed over',
      { adviceCode: 'sing', declineCode: 'expired_card' },
      expected('after_action', 'card_data', 'decline_code'),
    ],
    [
      'an unknown code allows one more',
      { declineCode: 'mystery' },
      expected('auto', 'soft', 'nothing_known'),
    ],
    [
      'a word of the language is no code',
      { declineCode: 'constructor' },
      expected('auto', 'soft', 'nothing_known'),
    ],
    ['nothing at all allows one more', {}, expected('auto', 'soft', 'nothing_known')],
  ])('%s', (_name, codes, meaning) => {
    const { retry, category, decidedBy } = classifyDecline(decline(codes));
    expect({ retry, category, decidedBy }).toEqual(meaning);
  });

  it.each([
    ['24', HOUR_MS],
    ['25', 24 * HOUR_MS],
    ['30', 240 * HOUR_MS],
    ['02', 72 * HOUR_MS],
    ['2', 72 * HOUR_MS],
  ])('Mastercard advice %s names its wait', (code, waitMs) => {
    const means = classifyDecline(decline({ network: 'mastercard', networkAdviceCode: code }));
    expect(means).toMatchObject({ retry: 'auto', waitMs });
  });

  it('what a network forbids is marked even when milder advice came along', () => {
    const means = classifyDecline(
      decline({ network: 'visa', networkDeclineCode: 'R1', adviceCode: 'try_again_later' }),
    );
    expect(means).toMatchObject({ retry: 'auto', networkForbids: true });
  });

  it.each([
    ['card_declined', 'insufficient_funds', 'insufficient_funds'],
    ['expired_card', null, 'card_data'],
    ['card_declined', null, 'soft'],
  ])('of a provider that says %s and %s it is %s', (code, declineCode, category) => {
    const said = { code, declineCode, networkCode: '51', adviceCode: null };
    expect(classifyDecline(declineFrom(said, { method: 'card', network: 'visa' })).category).toBe(category);
  });

  it('a customer never reads that theft or fraud is suspected, whatever decided', () => {
    const fraud = Object.entries(CARD_DECLINES).filter(
      ([, entry]) => entry.hidden || entry.category === 'fraud',
    );
    const advice = fc.constantFrom(null, ...Object.keys(ADVICE_CODES));
    fc.assert(
      fc.property(fc.constantFrom(...fraud.map(([code]) => code)), advice, (declineCode, adviceCode) => {
        const { customerWords } = classifyDecline(decline({ declineCode, adviceCode }));
        expect(customerWords).toMatch(/^Your bank declined the payment\./);
        expect(customerWords).not.toMatch(/stolen|lost|fraud|risk|block/i);
      }),
    );
  });
});

function expected(retry: string, category: string, decidedBy: string) {
  return { retry, category, decidedBy };
}
