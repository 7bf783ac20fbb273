import type { Approval, Batch } from '../../src/approvals/types.ts';

export const approval: Approval = {
  id: 'apr_1',
  tool: 'some_tool',
  arguments: { amount: '12.00', reason: 'duplicate' },
  plan: {
    title: 'Refund $12.00 to Acme <!channel>',
    subject: { kind: 'payment', id: 'ch_1' },
    customer: { id: 'psz_1', name: 'Acme' },
    changes: [{ what: 'Refunded', before: '$0.00', after: '$12.00' }],
    touches: ['Acme gets a mail'],
    amount: { minor: 1200, currency: 'USD' },
    policyAmount: { minor: 1200, currency: 'USD' },
    reversible: { possible: false, how: 'Stripe cannot take a refund back' },
    warnings: [],
    facts: {},
  },
  state: 'pending',
  requester: {
    kind: 'user',
    teamId: 'T1',
    userId: 'U1',
    name: 'Ada',
    email: null,
    roles: ['finance'],
    tz: 'UTC',
  },
  requirement: {
    approverRoles: ['finance'],
    approvals: 1,
    selfApproval: false,
    typedAmount: false,
    words: 'Needs a yes from finance.',
  },
  decisions: [],
  policyVersion: 'abcdef123456',
  place: { teamId: 'T1', channelId: 'C1', threadTs: '1.2' },
  batch: null,
  supersededBy: null,
  outcome: null,
  canUndo: false,
  createdAt: 0,
  expiresAt: 1000,
  decidedAt: null,
  settledAt: null,
  revision: 1,
};

/** A batch of so many open rows; `change` may make any row another. */
export function batchOf(count: number, change: (row: number) => Partial<Approval> = () => ({})): Batch {
  return {
    id: 'bat_1',
    title: 'Overdue invoices',
    intro: 'Each is overdue by more than a week.',
    requester: approval.requester,
    place: approval.place,
    rows: Array.from({ length: count }, (_, index) => {
      const row = index + 1;
      const own = { id: `apr_${row}`, batch: { id: 'bat_1', row } };
      return { row, approval: { ...approval, ...own, ...change(row) } };
    }),
    refused: [],
    createdAt: 0,
    revision: count,
  };
}

export const actionIds = (blocks: unknown): string[] =>
  [...JSON.stringify(blocks).matchAll(/"action_id":"([^"]+)"/g)].map((match) => match[1] ?? '');
