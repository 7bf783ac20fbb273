import { afterEach, beforeEach, expect, it } from 'vitest';
import { createApprovalReader } from '../../../src/approvals/reader.ts';
import type { Principal, Scope } from '../../../src/domain/types.ts';
import { approvalsWord } from '../../../src/slack/words/approvals.ts';
import {
  approve,
  NOON,
  openWorkspace,
  payment,
  people,
  place,
  type Workspace,
} from '../../approvals/workspace.ts';

const DAY = 86_400_000;
let w: Workspace;
beforeEach(() => {
  w = openWorkspace();
  for (let n = 1; n <= 6; n += 1) w.outside.payments.set(`ch_${n}`, payment(`ch_${n}`, 50_000));
});
afterEach(() => {
  w.close();
});

async function asked(reader: Principal, scopes: Scope[] = ['approvals:read']): Promise<string> {
  const { door, clock, store } = w;
  const word = approvalsWord({ door, approvals: createApprovalReader(store), scopesOf: () => scopes, clock });
  const { blocks } = await word.run({ reader, place, rest: '' });
  return blocks
    .map((block) => ('text' in block && typeof block.text === 'object' ? (block.text?.text ?? '') : ''))
    .join('\n')
    .replace(/<!date[^>]*>/g, 'DATE');
}

const refund = (n: number, amount = '40') =>
  w.door.propose({
    tool: 'refund_payment',
    input: { payment: `ch_${n}`, amount },
    requester: people.fay,
    place,
  });

it('says what waits for me, what I asked for, and what was decided in seven days', async () => {
  const old = await refund(5);
  await approve(w, old.id, people.flo);
  w.clock.set(NOON + 9 * DAY);
  const first = await refund(6);
  await approve(w, first.id, people.flo);
  w.clock.advance(60_000);
  await w.door.proposeBatch({
    key: 'k',
    title: 'Refunds of the outage',
    intro: '',
    tool: 'refund_payment',
    rows: [1, 2, 3].map((n) => ({ payment: `ch_${n}`, amount: '40' })),
    requester: people.fay,
    place,
  });
  expect(await asked(people.flo)).toBe(
    [
      'Waiting for you',
      '• *Refunds of the outage*: 3 of 3 rows, asked for by fay, expires DATE',
      'You asked for',
      'Nothing in the last 7 days.',
      'Decided in the last 7 days',
      '• *Refund $40.00 to Acme Robotics*: applied, by flo DATE',
    ].join('\n'),
  );
  expect(await asked(people.fay)).toContain(
    [
      'Nothing waits for your decision.',
      'You asked for',
      '• *Refunds of the outage (3 rows)*, $120.00: pending, expires DATE',
      '• *Refund $40.00 to Acme Robotics*: applied',
    ].join('\n'),
  );
});

it('is for those whose role includes approvals', async () => {
  await expect(asked(people.vic, ['metrics:read'])).rejects.toThrow('does not include approvals');
});
