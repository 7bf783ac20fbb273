import { describe, expect, it } from 'vitest';
import { startAgent } from '../../agent/world.ts';
import { bestReading, toolNamed } from '../reading.ts';

const tool = toolNamed('get_invoice');

describe('one invoice', () => {
  it.each([
    ['show invoice PSI-0101', 'PSI-0101'],
    ['what about in_102', 'in_102'],
  ])('is read from "%s"', async (message, invoice) => {
    expect((await bestReading(tool, message))?.input).toEqual({ invoice });
  });

  it('does not take a date for a number', async () => {
    expect(await bestReading(tool, 'invoices since 2026-10-01')).toBeNull();
  });

  it('is the one pointed at in the list before', async () => {
    const agent = startAgent();
    await agent.ask("who hasn't paid us?");
    const answer = await agent.ask('the second one');
    expect(answer.text).toContain(
      'Invoice PSI-0102 of Globex: $500.50 of $500.50 still to be paid, 3 days overdue.',
    );
  });

  it('that does not exist is said so', async () => {
    expect((await startAgent().ask('show invoice PSI-9999')).text).toContain(
      'There is no invoice "PSI-9999".',
    );
  });
});
