import { describe, expect, it } from 'vitest';
import { ACME, startAgent } from '../../agent/world.ts';
import { bestReading, toolNamed } from '../reading.ts';

const tool = toolNamed('list_payments');

describe('listing payments', () => {
  it.each([
    ['list failed payments', { status: 'failed' }],
    ["what was Acme's last payment?", { customer: ACME.id, status: 'succeeded', limit: 1 }],
    ['show charges last month', { period: '2026-10-01T04:00:00.000Z/2026-11-01T04:00:00.000Z' }],
  ])('reads "%s"', async (message, input) => {
    const reading = await bestReading(tool, message);
    expect(reading?.input).toEqual(input);
    expect(reading?.confidence).toBeGreaterThanOrEqual(0.6);
  });

  it.each(['how many failed payments', "refund Acme's last payment"])(
    'is not sure of "%s"',
    async (message) => {
      expect((await bestReading(tool, message))?.confidence ?? 0).toBeLessThan(0.6);
    },
  );

  it('says why a payment failed', async () => {
    const answer = await startAgent().ask('list failed payments');
    expect(answer.text).toContain(
      'One failed payment: $500.50 of Globex on Nov 20, 2026, failed (insufficient funds).',
    );
  });
});
