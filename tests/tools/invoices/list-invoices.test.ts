import { describe, expect, it } from 'vitest';
import { ACME, startAgent } from '../../agent/world.ts';
import { bestReading, toolNamed } from '../reading.ts';

const tool = toolNamed('list_invoices');

describe('listing invoices', () => {
  it.each([
    ["who hasn't paid us?", { state: 'open', order: 'oldest' }],
    ['who owes us money', { state: 'open', order: 'oldest' }],
    ['list overdue invoices', { state: 'overdue', order: 'oldest' }],
    ['lsit overdeu invocies', { state: 'overdue', order: 'oldest' }],
    ['largest unpaid invoices', { state: 'open', order: 'largest' }],
    ['top 3 largest unpaid invoices', { state: 'open', order: 'largest', limit: 3 }],
    ["show Acme's invoices", { customer: ACME.id }],
    ['draft invoices', { state: 'draft' }],
    [
      'invoices paid last month',
      { state: 'paid', period: '2026-10-01T04:00:00.000Z/2026-11-01T04:00:00.000Z' },
    ],
  ])('reads "%s"', async (message, input) => {
    const reading = await bestReading(tool, message);
    expect(reading?.input).toEqual(input);
    expect(reading?.confidence).toBeGreaterThanOrEqual(0.6);
  });

  it.each(['remind Acme about the invoice', 'how much is in open invoices'])(
    'is not sure of "%s"',
    async (message) => {
      expect((await bestReading(tool, message))?.confidence ?? 0).toBeLessThan(0.6);
    },
  );

  it('gives the total per currency, the oldest first with its days, and amounts to the right', async () => {
    const answer = await startAgent().ask("who hasn't paid us?");
    expect(answer.text).toContain('3 unpaid invoices, $1,700.50 and €700.00 in total. 3 of them overdue.');
    expect(answer.text).toContain('The oldest is PSI-0101 of Acme Robotics: $1,200.00, 45 days overdue.');
    const [table] = answer.exhibits;
    if (table?.kind !== 'table') throw new Error('no table');
    expect(table.rows[0]).toEqual(['Acme Robotics', 'PSI-0101', '$1,200.00', 'Oct 8, 2026', '45']);
    expect(table.columns.find((column) => column.header === 'Amount')?.align).toBe('right');
  });

  it('counts the total over all that match, not only those shown', async () => {
    const agent = startAgent();
    const result = await agent.runner.run({
      ...(await agent.someone()),
      tool: 'list_invoices',
      input: { state: 'open', limit: 1 },
    });
    expect(result).toMatchObject({
      ok: true,
      output: { total: 3, rows: [{ id: 'in_101' }], sums: [{ minor: 170_050 }, { minor: 70_000 }] },
    });
  });
});
