import fc from 'fast-check';
import { expect, it } from 'vitest';
import { contentsOf } from '../../src/approvals/batch-rows.ts';
import { FAILPOINTS } from '../../src/lib/failpoints.ts';
import { batchCard } from '../../src/slack/views/batch-card.ts';
import { verifyAudit } from '../../src/store/audit.ts';
import { openWorkspace, payment, people, place } from '../approvals/workspace.ts';
import { drawOn, Screen } from './card-world.ts';

const { ada, fay, flo, sue, vic } = people;
const ROWS = 6;
const who = fc.constantFrom(fay, flo, flo, ada, ada, sue, vic);
const row = fc.integer({ min: 1, max: ROWS });
const verdict = fc.constantFrom('approve' as const, 'approve' as const, 'reject' as const);
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('row' as const), by: who, row, verdict, typed: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('all' as const), by: who, verdict }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      by: who,
      row,
      amount: fc.constantFrom('5.00', '70.00', '6000.00'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('stale' as const), by: who, row }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('propose' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('crash' as const), at: fc.constantFrom(...FAILPOINTS) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('sweep' as const), ms: fc.constantFrom(60_000, 3 * 3_600_000) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('lose' as const),
      what: fc.constantFrom('dropAnswers' as const, 'deaf' as const, 'screen' as const),
    }),
  },
);
/** What happens at the same time. */
const moment = fc.array(step, { minLength: 1, maxLength: 3 });

it('whatever people click and crashes cut: each row happens at most once, and no card lies', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(moment, { minLength: 3, maxLength: 10 }), async (moments) => {
      const w = openWorkspace();
      const screen = new Screen();
      try {
        for (let n = 1; n <= ROWS; n += 1) w.outside.payments.set(`ch_${n}`, payment(`ch_${n}`, 900_000));
        drawOn(screen, w);
        const rows = Array.from({ length: ROWS }, (_, n) => ({
          payment: `ch_${n + 1}`,
          amount: n < 2 ? '10.00' : '40.00',
        }));
        const propose = () =>
          w.door.proposeBatch({
            key: 'k',
            title: 'Batch',
            intro: '',
            tool: 'refund_payment',
            rows,
            requester: fay,
            place,
          });
        const batchId = (await propose()).id;
        const first = await w.door.getBatch(batchId);
        const standing = async (n: number) =>
          (await w.door.getBatch(batchId))?.rows.find((one) => one.row === n)?.approval.id ?? 'apr_none';
        const start = async () => {
          if (w.store.sqlite.open) w.store.sqlite.close();
          w.restart();
          drawOn(screen, w);
          await w.door.sweep();
        };
        const run = async (one: (typeof moments)[number][number]): Promise<void> => {
          if (one.kind === 'row') {
            const typed = one.typed ? { typedAmount: '10.00' } : {};
            await w.door.decide({
              approvalId: await standing(one.row),
              verdict: one.verdict,
              by: one.by,
              ...typed,
            });
          } else if (one.kind === 'all') {
            const batch = await w.door.getBatch(batchId);
            const seen = batch === null ? {} : { seen: contentsOf(batch) };
            await w.door.decideBatch({ batchId, verdict: one.verdict, by: one.by, ...seen });
          } else if (one.kind === 'edit') {
            const input = { payment: `ch_${one.row}`, amount: one.amount };
            await w.door.edit({ approvalId: await standing(one.row), input, by: one.by });
          } else if (one.kind === 'stale') {
            const approvalId = first?.rows.find((each) => each.row === one.row)?.approval.id ?? '';
            await w.door.decide({ approvalId, verdict: 'approve', by: one.by });
          } else if (one.kind === 'propose') await propose();
          else if (one.kind === 'crash') w.dieAt = one.at;
          else if (one.kind === 'restart') await w.settled().then(start);
          else if (one.kind === 'sweep') {
            w.clock.advance(one.ms);
            await w.door.sweep();
          } else if (one.what === 'screen') screen.losing += 2;
          else w.outside[one.what] += 1;
        };
        for (const steps of moments) {
          if (!w.store.sqlite.open) await start().catch(() => undefined);
          await Promise.all(steps.map((one) => run(one).catch(() => undefined)));
          await w.settled();
        }
        w.dieAt = null;
        w.outside.deaf = 0;
        screen.losing = 0;
        await start();
        for (let n = 0; n < 2; n += 1) {
          w.clock.advance(11 * 60_000);
          await w.door.sweep();
        }
        await drawOn(screen, w).reconcile(w.clock.now());
        await w.settled();

        expect(verifyAudit(w.store).ok).toBe(true);
        const batch = await w.door.getBatch(batchId);
        if (batch === null) throw new Error('the batch is gone');
        expect(batch.rows.map((one) => one.row)).toEqual(rows.map((_, n) => n + 1));
        for (const { row: n, approval } of batch.rows) {
          const out = w.outside.refunds.filter((refund) => refund.paymentId === `ch_${n}`);
          expect(out.length).toBe(approval.state === 'applied' ? 1 : 0);
          expect(['approved', 'applying']).not.toContain(approval.state);
        }
        const places = screen.copies(batchId).map((one) => one.channelId);
        expect(new Set(places).size).toBe(places.length);
        for (const copy of screen.copies(batchId)) expect(copy.blocks).toEqual(batchCard(batch, 0).blocks);
        const open = batch.rows.some((one) => one.approval.state === 'pending');
        expect(screen.summary(batchId) === null).toBe(open);
      } finally {
        w.close();
      }
    }),
    { numRuns: 25 },
  );
}, 60_000);
