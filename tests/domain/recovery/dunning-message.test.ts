import { describe, expect, it } from 'vitest';
import { classifyDecline } from '../../../src/domain/recovery/classify-decline.ts';
import { draftMessage, type MessageFacts } from '../../../src/domain/recovery/dunning-message.ts';
import { TONES } from '../../../src/domain/recovery/ladder.ts';

const NOW = Date.UTC(2026, 9, 8, 12);
const AT = { now: NOW, tz: 'Europe/Berlin' };

function decline(declineCode: string) {
  return classifyDecline({
    method: 'card',
    network: null,
    adviceCode: null,
    networkAdviceCode: null,
    networkDeclineCode: null,
    declineCode,
  });
}

const FACTS: MessageFacts = {
  customerName: 'Acme',
  invoices: [
    { number: 'PSI-1', remaining: { minor: 12_345, currency: 'EUR' } },
    { number: 'PSI-2', remaining: { minor: 900, currency: 'JPY' } },
  ],
  decline: decline('expired_card'),
  payUrl: 'https://pay.psizero.example/in_1',
  restrictions: [],
  contact: 'Priya, billing@psizero.example',
};

describe('what a reminder says', () => {
  it('what is owed to the cent, why, and whom to ask', () => {
    expect(draftMessage({ tone: 'kind' }, FACTS, AT)).toEqual({
      subject: 'Your payment did not go through',
      paragraphs: [
        'Hello Acme, a payment did not go through. It happens, and it is quickly mended.',
        'Open: PSI-1: €123.45; PSI-2: ¥900.',
        'The card has expired. Please use another payment method, or ask your bank.',
        'If something is wrong or you need more time, write to Priya, billing@psizero.example.',
      ],
      action: { label: 'Update the payment method', url: FACTS.payUrl },
    });
  });

  it('the next thing that happens to the service, with its day, once that was approved', () => {
    const restriction = (level: 'throttled' | 'suspended', days: number, effect: string) => ({
      level,
      at: NOW + days * 86_400_000,
      effect,
      credited: false,
    });
    const restrictions = [restriction('throttled', -1, 'Slower.'), restriction('suspended', 4, 'No calls.')];
    const { paragraphs } = draftMessage({ tone: 'firm' }, { ...FACTS, restrictions }, AT);
    expect(paragraphs).toContain('From 2026-10-12: No calls.');
    expect(paragraphs.join(' ')).not.toContain('Slower');
  });

  it.each(TONES)('in the tone %s never shouts, threatens or names a suspicion', (tone) => {
    const { subject, paragraphs } = draftMessage({ tone }, { ...FACTS, decline: decline('stolen_card') }, AT);
    expect([subject, ...paragraphs].join(' ')).not.toMatch(/!|stolen|fraud|legal|lawyer|immediately/i);
  });
});
