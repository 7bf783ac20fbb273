import { describe, expect, it } from 'vitest';
import { checkedBlocks, type Surface } from '../../sandbox/slack/blocks/check.ts';
import type { Approval, ApprovalState } from '../../src/approvals/types.ts';
import { approvalCard, nudgeMessage } from '../../src/slack/views/approval-card.ts';
import { batchCard, batchSummary, pagesOf, ROWS_PER_PAGE } from '../../src/slack/views/batch-card.ts';
import { waitingBlocks } from '../../src/slack/views/home/waiting.ts';
import { actionIds, approval, batchOf } from './approval-fixtures.ts';

const LONG = 'A very long name of a customer & <partners> *of* many words, '.repeat(20);
const worst = (state: ApprovalState) => (): Partial<Approval> => ({
  state,
  outcome: LONG,
  canSettle: state === 'unknown',
  canUndo: state === 'applied',
  plan: { ...approval.plan, title: LONG, warnings: [LONG, LONG] },
  requirement: { ...approval.requirement, words: LONG },
});

/** What Slack takes: the stand-in's own check, 50 blocks and about 13,000 characters a message. */
function fits(blocks: readonly object[], surface: Surface = 'message'): void {
  expect(() => checkedBlocks(JSON.parse(JSON.stringify(blocks)), surface)).not.toThrow();
  expect(blocks.length).toBeLessThanOrEqual(surface === 'home' ? 70 : 50);
  const texts = [...JSON.stringify(blocks).matchAll(/"text":"((?:[^"\\]|\\.)*)"/g)].map(
    (match) => match[1] ?? '',
  );
  if (surface === 'message') expect(texts.join('').length).toBeLessThan(13_000);
}

describe('the card of a batch', () => {
  it.each([1, 15, 25, 60])('of %i rows fits a message on every page, whatever the rows say', (count) => {
    for (const state of ['pending', 'applied', 'unknown', 'failed'] as const) {
      const batch = batchOf(count, worst(state));
      batch.title = LONG;
      batch.intro = LONG;
      batch.refused = Array.from({ length: 30 }, () => ({ what: LONG, why: LONG }));
      for (let page = 0; page < pagesOf(batch); page += 1) fits(batchCard(batch, page).blocks);
      const summary = batchSummary(batch);
      if (summary) fits(summary.blocks);
    }
  });

  it.each([1, 15, 25, 60])('of %i rows shows every row on exactly one page', (count) => {
    const batch = batchOf(count);
    const shown = Array.from({ length: pagesOf(batch) }, (_, page) => batchCard(batch, page)).flatMap(
      ({ blocks }) =>
        [...JSON.stringify(blocks).matchAll(/"value":"bat_1:(\d+)","style":"primary"/g)].map((match) =>
          Number(match[1]),
        ),
    );
    expect(shown).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  });

  it('gives each open row its buttons and a settled row none, with its result', () => {
    const batch = batchOf(3, (row) =>
      row === 2 ? { state: 'applied', outcome: 'Refunded $12.00 to Acme.' } : {},
    );
    const { blocks } = batchCard(batch, 0);
    const values = [
      ...JSON.stringify(blocks).matchAll(/approval\.row\.approve[^}]*\}[^}]*"value":"([^"]+)"/g),
    ];
    expect(values.map((match) => match[1])).toEqual(['bat_1:1', 'bat_1:3']);
    expect(JSON.stringify(blocks)).toContain('Refunded $12.00 to Acme.');
    expect(actionIds(blocks).slice(0, 2)).toEqual(['approval.approve', 'approval.reject']);
    expect(JSON.stringify(blocks)).toContain('"value":"bat_1"');
    expect(JSON.stringify(blocks)).toContain('2 rows open, $24.00 · 1 done');
  });

  it('changes only the row that was decided', () => {
    const before = batchCard(batchOf(5), 0).blocks.map((block) => JSON.stringify(block));
    const after = batchCard(
      batchOf(5, (row) => (row === 3 ? { state: 'rejected', outcome: 'No.' } : {})),
      0,
    );
    const rows = after.blocks
      .map((block) => JSON.stringify(block))
      .filter((block) => /\d\. Refund|row:/.test(block));
    const changed = rows.filter((block) => !before.includes(block));
    expect(changed).toHaveLength(1);
    expect(changed[0]).toContain('*3. ');
  });

  it.each([
    'approved',
    'applying',
    'applied',
    'rejected',
    'expired',
    'superseded',
    'failed',
    'undone',
  ] as const)('has no live button once every row is %s', (state) => {
    expect(
      actionIds(
        batchCard(
          batchOf(4, () => ({ state, outcome: 'so it is' })),
          0,
        ).blocks,
      ),
    ).toEqual([]);
  });

  it('asks whoever may decide what became of a row nobody can tell about', () => {
    const { blocks } = batchCard(
      batchOf(1, () => ({ state: 'unknown', canSettle: true })),
      0,
    );
    expect(actionIds(blocks)).toEqual(['approval.settle', 'approval.settle']);
    expect(JSON.stringify(blocks)).toMatch(/apr_1:yes.*apr_1:no/);
  });

  it('can only be read while the policy has stopped everything', () => {
    const { blocks } = batchCard(
      batchOf(2, () => ({ paused: true })),
      0,
    );
    expect(new Set(actionIds(blocks))).toEqual(new Set(['approval.row.show']));
    expect(JSON.stringify(blocks)).toContain('Stopped');
  });

  it('turns its pages at both ends', () => {
    const batch = batchOf(ROWS_PER_PAGE * 2 + 1);
    const turns = (page: number) =>
      [
        ...JSON.stringify(batchCard(batch, page).blocks).matchAll(
          /"approval.page"[^}]*\}[^}]*"value":"bat_1:(\d)"/g,
        ),
      ].map((match) => match[1]);
    expect([turns(0), turns(1), turns(2)]).toEqual([['1'], ['0', '2'], ['1']]);
  });
});

describe('what the thread is told of a batch', () => {
  it('is nothing while a row is open or under way, then one sentence', () => {
    const states: ApprovalState[] = ['applied', 'applied', 'rejected', 'failed'];
    const at = (over: ApprovalState) =>
      batchSummary(
        batchOf(4, (row) => ({
          state: row === 1 ? over : (states[row - 1] ?? 'applied'),
          outcome: 'The card was gone.',
        })),
      );
    expect(at('pending')).toBeNull();
    expect(at('applying')).toBeNull();
    expect(at('applied')?.text).toMatch(
      /^Overdue invoices: 2 done, 1 rejected, 1 failed\.\n• 4\. Refund .*: The card was gone\.$/,
    );
  });
});

describe('App Home', () => {
  const item = (count: number, over: Partial<Approval> = {}) => {
    const batch = batchOf(count, () => over);
    return { kind: 'batch' as const, batch, mine: batch.rows.map((row) => row.approval), expiresAt: 1 };
  };

  it('shows a batch as one entry with its count and sum, and its rows when asked', () => {
    const closed = waitingBlocks([item(60)]);
    expect(actionIds(closed)).toEqual(['approval.approve', 'approval.reject', 'home.rows']);
    expect(JSON.stringify(closed)).toContain('60 of 60 rows wait for you, $720.00');
    const open = waitingBlocks([item(60)], { batchId: 'bat_1', from: 8 });
    expect(actionIds(open).filter((id) => id === 'approval.row.approve')).toHaveLength(8);
    expect(JSON.stringify(open)).toContain('"value":"bat_1:9"');
  });

  it('fits with ten things waiting and a batch opened', () => {
    const others = Array.from({ length: 9 }, (_, index) => {
      const other = item(60);
      return { ...other, batch: { ...other.batch, id: `bat_${index + 2}`, title: LONG } };
    });
    fits(
      waitingBlocks([item(60, worst('pending')()), ...others, item(3)], { batchId: 'bat_1', from: 0 }),
      'home',
    );
  });

  it('has no live button while the policy has stopped everything', () => {
    const single = { kind: 'single' as const, approval: { ...approval, paused: true }, expiresAt: 1 };
    expect(actionIds(waitingBlocks([single, item(3, { paused: true })]))).toEqual(['home.rows']);
  });
});

describe('the card of a single proposal', () => {
  it('has no button while the policy has stopped everything', () => {
    const { blocks } = approvalCard({ ...approval, paused: true });
    expect(actionIds(blocks)).toEqual([]);
    expect(JSON.stringify(blocks)).toContain('Stopped');
  });

  it('asks what became of a mail whose answer was lost, only where nobody else can be asked', () => {
    const unknown = { ...approval, state: 'unknown' as const };
    expect(actionIds(approvalCard(unknown).blocks)).toEqual([]);
    const { blocks } = approvalCard({ ...unknown, canSettle: true });
    expect(actionIds(blocks)).toEqual(['approval.settle', 'approval.settle']);
    fits(blocks);
  });

  it('says who may undo it', () => {
    const { blocks } = approvalCard({ ...approval, state: 'applied', canUndo: true });
    expect(JSON.stringify(blocks)).toContain('Undo takes finance, not the one who asked.');
  });
});

describe('a word to people while something waits', () => {
  const batch = batchOf(5, (row) => (row < 3 ? { state: 'applied' } : {}));
  it.each([
    ['reminder', 'Still waiting for your decision: Overdue invoices (3 of 5 rows open), asked for by Ada.'],
    [
      'last_call',
      'Expires soon and still waits for your decision: Overdue invoices (3 of 5 rows open), asked for by Ada.',
    ],
    [
      'delegate',
      'Jonas is away and named you to decide: Overdue invoices (3 of 5 rows open), asked for by Ada.',
    ],
    ['escalation', 'Nobody has decided yet: Overdue invoices (3 of 5 rows open), asked for by Ada.'],
  ] as const)('%s', (kind, text) => {
    expect(nudgeMessage({ approval, batch, kind, insteadOf: 'Jonas' }).text).toBe(text);
  });
});
