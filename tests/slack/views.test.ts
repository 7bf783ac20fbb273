import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ApprovalState } from '../../src/approvals/types.ts';
import { answerBlocks } from '../../src/slack/views/answer.ts';
import { approvalCard, settledMessage } from '../../src/slack/views/approval-card.ts';
import { mrkdwn, visible } from '../../src/slack/views/blocks.ts';
import {
  editModal,
  fieldAtFault,
  inputFromForm,
  parseInputSchema,
} from '../../src/slack/views/edit-modal.ts';
import { exhibitBlocks } from '../../src/slack/views/exhibits.ts';
import { actionIds, approval } from './approval-fixtures.ts';

describe('the approval card', () => {
  it('offers Approve, Edit and Reject while it is open, each carrying the approval', () => {
    const { blocks } = approvalCard(approval);
    expect(actionIds(blocks)).toEqual(['approval.approve', 'approval.edit', 'approval.reject']);
    expect(JSON.stringify(blocks)).toContain('"value":"apr_1"');
  });

  const closed: ApprovalState[] = [
    'approved',
    'applying',
    'applied',
    'rejected',
    'expired',
    'superseded',
    'failed',
    'unknown',
    'undone',
  ];
  it.each(closed)('has no live button once it is %s', (state) => {
    expect(actionIds(approvalCard({ ...approval, state, outcome: 'so it is' }).blocks)).toEqual([]);
  });

  it('says what changes, for whom, and that it cannot be undone', () => {
    const text = JSON.stringify(approvalCard(approval).blocks);
    expect(text).toContain('$0.00 → *$12.00*');
    expect(text).toContain('Cannot be undone');
    expect(text).toContain('Needs a yes from finance.');
  });

  it('quotes a text of several lines, line by line', () => {
    const changes = [{ what: 'Text', before: '', after: 'Dear *Ada*,\n\n<!channel> pay & go' }];
    const text = JSON.stringify(approvalCard({ ...approval, plan: { ...approval.plan, changes } }).blocks);
    expect(text).toContain('• Text:\\n> Dear');
    expect(text).toContain('\\n> \\n> &lt;!channel&gt; pay &amp; go');
  });

  it('speaks of what changed once it is done, and not before', () => {
    const textOf = (state: ApprovalState) => JSON.stringify(approvalCard({ ...approval, state }).blocks);
    expect(textOf('applied')).toContain('*What changed*');
    for (const state of ['pending', 'rejected', 'failed', 'unknown'] as const)
      expect(textOf(state)).toContain('*What changes*');
  });

  it('tells the thread nothing while it is open, and one sentence when it is over', () => {
    expect(settledMessage(approval)).toBeNull();
    const done = settledMessage({ ...approval, state: 'applied', outcome: 'Refunded $12.00 to Acme.' });
    expect(done?.text).toBe('Refunded $12.00 to Acme.');
  });
});

describe('text from records', () => {
  it.each([
    ['a broadcast', '<!channel> pay now', '&lt;!channel&gt; pay now'],
    ['a mention', '<@U123>', '&lt;@U123&gt;'],
    ['an entity', 'R&D', 'R&amp;D'],
  ])('%s is only text', (_name, text, shown) => {
    expect(mrkdwn(text)).toBe(shown);
  });

  it('shows characters that hide or reorder as code points', () => {
    expect(visible('\u202eevorppa\u202c')).toBe('[U+202E]evorppa[U+202C]');
    expect(visible('a\u200bb')).toBe('a[U+200B]b');
  });

  it('never lets a mention, a link or a broadcast through', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom('<!here>', '<@U1>', '<http://x|y>', '@channel'),
        (text, attack) => {
          const safe = mrkdwn(`${text}${attack}${text}`);
          expect(safe).not.toMatch(/<[!@#a-z]/i);
          expect(safe).not.toMatch(/@(here|channel|everyone)/i);
        },
      ),
    );
  });
});

describe('exhibits', () => {
  const table = (rows: number) => ({
    kind: 'table' as const,
    title: 'Invoices',
    columns: [
      { header: 'Customer', align: 'left' as const },
      { header: 'Amount', align: 'right' as const },
    ],
    rows: Array.from({ length: rows }, (_, index) => [`Customer ${index}`, `$${index}.00`]),
  });

  it('shows a long table in pages of its own', () => {
    expect(exhibitBlocks([table(5)])[0]?.type).toBe('table');
    expect(exhibitBlocks([table(50)])[0]?.type).toBe('data_table');
  });

  it('shows the steps of a waterfall as a table, unless the answer has one already', () => {
    const waterfall = {
      kind: 'waterfall' as const,
      title: 'MRR',
      steps: [
        { label: 'Oct 31', value: 1000, total: true },
        { label: 'New', value: 250.5 },
        { label: 'Lost', value: -50 },
        { label: 'Nov 30', value: 1200.5, total: true },
      ],
      valueLabel: 'USD',
      alt: 'up',
    };
    const text = JSON.stringify(exhibitBlocks([waterfall]));
    for (const part of ['"1,000"', '"+250.5"', '"-50"', '"1,200.5"']) expect(text).toContain(part);
    expect(exhibitBlocks([table(3), waterfall])).toHaveLength(1);
  });

  it('shows a second table row by row, for one is all a message holds', () => {
    const second = { ...table(12), title: 'MRR by region' };
    const blocks = exhibitBlocks([table(3), second]);
    expect(blocks.map((block) => block.type)).toEqual(['table', 'context', 'section']);
    expect(JSON.stringify(blocks)).toContain('MRR by region');
    expect(JSON.stringify(blocks)).toContain('and 2 more');
  });

  it('stays within what Slack takes: one table, two charts, 20 points, short labels', () => {
    const chart = fc.record({
      kind: fc.constant('chart' as const),
      title: fc.string({ maxLength: 90 }),
      type: fc.constantFrom('line' as const, 'bar' as const, 'area' as const, 'pie' as const),
      categories: fc.array(fc.string({ maxLength: 40 }), { minLength: 1, maxLength: 30 }),
      series: fc.array(
        fc.record({ name: fc.string({ maxLength: 40 }), values: fc.array(fc.float({ noNaN: true })) }),
        { maxLength: 8 },
      ),
      valueLabel: fc.string({ maxLength: 40 }),
      alt: fc.string({ minLength: 1 }),
    });
    fc.assert(
      fc.property(fc.array(chart, { maxLength: 5 }), (charts) => {
        const blocks = exhibitBlocks([...charts, table(3), table(3)]);
        expect(blocks.filter((block) => block.type === 'table')).toHaveLength(1);
        const native = blocks.filter((block) => block.type === 'data_visualization');
        expect(native.length).toBeLessThanOrEqual(2);
        for (const block of native) {
          if (block.type !== 'data_visualization') continue;
          expect(block.title.length).toBeLessThanOrEqual(50);
          if (block.chart.type === 'pie') continue;
          expect(block.chart.series.length).toBeLessThanOrEqual(6);
          for (const series of block.chart.series) {
            expect(series.data.length).toBeLessThanOrEqual(20);
            for (const point of series.data) expect(point.label.length).toBeLessThanOrEqual(20);
          }
        }
      }),
    );
  });
});

describe('an answer', () => {
  it('offers each reading as a choice, and its receipt', () => {
    const blocks = answerBlocks(
      {
        text: 'Which one?',
        exhibits: [],
        receipts: ['qry_1'],
        choices: [
          { label: 'Northwind Labs', say: 'tell me about Northwind Labs' },
          { label: 'Northwind Logistics', say: 'tell me about Northwind Logistics' },
        ],
        referenceId: null,
        mode: 'rules',
      },
      { simulated: true },
    );
    expect(actionIds(blocks)).toEqual(['choice.pick', 'choice.pick', 'receipt.show', 'feedback.rate']);
    expect(JSON.stringify(blocks)).toContain('Simulated data · Rules mode');
  });
});

describe('the buttons of several receipts', () => {
  const labels = (receiptNames?: string[]) => {
    const receipts = ['qry_1', 'qry_2'];
    const answer = { text: '', exhibits: [], receipts, choices: [], referenceId: null, mode: 'rules' };
    const blocks = answerBlocks({ ...answer, receiptNames, understood: 'MRR; *ARR*' }, { simulated: false });
    expect(JSON.stringify(blocks)).toContain('Understood as: MRR; \u200a*ARR*');
    return blocks.flatMap((block) =>
      block.type === 'actions'
        ? block.elements.flatMap((each) => ('text' in each ? (each.text?.text ?? '') : ''))
        : [],
    );
  };

  it.each([
    [
      ['MRR', 'Revenue, gross'],
      ['Why MRR?', 'Why gross revenue?'],
    ],
    [
      ['MRR by plan', 'MRR by region'],
      ['Why MRR by plan?', 'Why MRR by region?'],
    ],
    [
      ['MRR', 'MRR'],
      ['Why number 1?', 'Why number 2?'],
    ],
    [undefined, ['Why number 1?', 'Why number 2?']],
  ])('of %j are %j', (names, shown) => {
    expect(labels(names)).toEqual(shown);
  });
});

describe('the edit form', () => {
  const schema = parseInputSchema(
    z.toJSONSchema(
      z.strictObject({
        amount: z.string().optional(),
        reason: z.enum(['duplicate', 'fraudulent']).optional(),
        count: z.int().optional(),
      }),
    ),
  );

  it('is made from the tool’s input and filled with the proposal', () => {
    const view = editModal(approval, schema);
    expect(view.blocks.filter((block) => block.type === 'input').map((block) => block.block_id)).toEqual([
      'amount',
      'reason',
      'count',
    ]);
    expect(JSON.stringify(view)).toContain('"initial_value":"12.00"');
    expect(view.private_metadata).toBe('apr_1');
  });

  it('says whom an id means, and what an amount left empty comes to', () => {
    const form = parseInputSchema(
      z.toJSONSchema(z.object({ customer: z.string(), amount: z.string().optional() })),
    );
    const view = JSON.stringify(editModal({ ...approval, arguments: { customer: 'psz_1' } }, form));
    expect(view).toContain('Acme now. A name, domain or id');
    expect(view).toContain('$12.00 now');
  });

  it.each([
    ['the field whose value it names', { customer: 'Acme', amount: '9' }, 'I know no "Acme".', 'customer'],
    ['the field that was changed', { customer: 'Umbra', amount: '9' }, 'That is too much.', 'amount'],
    ['the first field where nothing tells', { customer: 'Umbra', amount: '1' }, 'No.', 'customer'],
  ])('says what is wrong under %s', (_name, input, say, field) => {
    const form = parseInputSchema(z.toJSONSchema(z.object({ customer: z.string(), amount: z.string() })));
    expect(fieldAtFault(form, input, { customer: 'Umbra', amount: '1' }, say)).toBe(field);
  });

  it('gives back the input that was typed, without what was left empty', () => {
    const input = inputFromForm(schema, {
      amount: { amount: { value: ' 5.00 ' } },
      reason: { reason: { selected_option: { value: 'fraudulent' } } },
      count: { count: { value: '' } },
    });
    expect(input).toEqual({ amount: '5.00', reason: 'fraudulent' });
  });
});
