import { describe, expect, it } from 'vitest';
import { readTicket, type TicketSignal } from '../../../src/domain/health/ticket-signals.ts';

describe('a ticket is read by the rules of the trade', () => {
  it.each<[string, TicketSignal[]]>([
    ['Nobody replied, evaluating alternatives.', ['competitor', 'neglected']],
    [
      'How can we export all embeddings and logs? We are comparing providers before our renewal.',
      ['competitor', 'leaving'],
    ],
    ['We have a quote from another vendor that is half of yours.', ['competitor']],
    ['We are switching to a different provider in March.', ['competitor']],
    ['Please cancel our subscription at the end of the month.', ['leaving']],
    ['We will not renew.', ['leaving']],
    ["We won't renew unless this is fixed.", ['leaving']],
    ['This is our third ticket about it and we are still waiting.', ['neglected']],
    ['This is the second outage this quarter. We need a call.', ['upset']],
    ['This is unacceptable.', ['upset']],
    ['Our production has stopped because of your API.', ['upset']],
    ['Maria has left the company, I am your new contact.', ['champion_left']],
    ['I took over this account from Ben.', ['champion_left']],
  ])('"%s"', (text, signals) => {
    const read = readTicket(text);
    expect(read.signals).toEqual(signals);
    if (signals.some((signal) => signal !== 'champion_left')) expect(read.sentiment).toBe(-1);
  });

  it.each([
    'We are not evaluating alternatives, do not worry.',
    'We have no plans to cancel our subscription.',
    'How do we rotate a key without downtime?',
    'Is SAML available on our plan, or only on Enterprise?',
    'We compared the results of both models.',
    'The test provider in our staging setup fails.',
    'Please put our new address on the next invoice.',
    'Can you cancel the job 4711?',
    'Our own count for last week is 3% below what the dashboard shows.',
  ])('and hears nothing in "%s"', (text) => {
    expect(readTicket(text).signals).toEqual([]);
  });

  it('falls back to plain words of feeling where no rule speaks', () => {
    expect(readTicket('Thanks, great and helpful answer').sentiment).toBe(1);
    expect(readTicket('Batch jobs are stuck and slow').sentiment).toBe(-1);
  });
});
