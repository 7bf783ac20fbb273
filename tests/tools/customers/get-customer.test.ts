import { describe, expect, it } from 'vitest';
import { ACME, startAgent } from '../../agent/world.ts';
import { bestReading, toolNamed } from '../reading.ts';

const tool = toolNamed('get_customer');

describe('one customer', () => {
  it.each(['tell me about Acme', 'how is Acme doing?', 'what plan is Acme on?', 'Acme?'])(
    'is meant by "%s"',
    async (message) => {
      const reading = await bestReading(tool, message);
      expect(reading?.input).toEqual({ customer: ACME.id });
      expect(reading?.confidence).toBeGreaterThanOrEqual(0.6);
    },
  );

  it('is not what somebody wants who asks for a refund', async () => {
    expect((await bestReading(tool, "refund Acme's last payment"))?.confidence).toBeLessThan(0.6);
  });

  it('is told with plan, price, what is unpaid by currency, and the last payment', async () => {
    const answer = await startAgent().ask('tell me about Acme');
    expect(answer.text).toContain('Acme Robotics is on the growth plan (active), $499.00 a month.');
    expect(answer.text).toContain('2 unpaid invoices, $1,200.00 and €700.00');
    expect(answer.text).toContain('Last payment: $120.00 on Nov 17, 2026.');
  });
});
