import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EFFECT_FAILPOINTS } from '../../src/lib/failpoints.ts';
import { verifyAudit } from '../../src/store/audit.ts';
import { openWorkspace, payment, people, place } from './workspace.ts';

const { ada, fay, flo, sue, vic } = people;
const asker = fc.constantFrom(fay, fay, flo, ada, vic);
const decider = fc.constantFrom(fay, flo, flo, ada, ada, sue);
const which = fc.constantFrom(0, 0, 0, 1, 2);
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('propose' as const),
      by: asker,
      amount: fc.constantFrom('10.00', '60.00', '120.00'),
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constant('approve' as const),
      by: decider,
      which,
      typed: fc.constantFrom('10', '60', undefined),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reject' as const), by: decider, which }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      by: decider,
      which,
      amount: fc.constantFrom('15.00', '70.00'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('advance' as const),
      ms: fc.constantFrom(60_000, 3 * 3_600_000, 25 * 3_600_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('crash' as const), at: fc.constantFrom(...EFFECT_FAILPOINTS) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('lose' as const),
      what: fc.constantFrom('dropAnswers' as const, 'deaf' as const, 'blind' as const),
    }),
  },
);

describe('whatever people, clocks and crashes do', () => {
  it('every refund has one approval by somebody else or a typed amount, and none goes out twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 24, size: 'max' }), async (steps) => {
        const w = openWorkspace();
        try {
          w.outside.payments.set('ch_1', payment('ch_1', 50_000));
          const ids: string[] = [];
          const pick = (n: number) => ids[ids.length - 1 - (n % Math.max(ids.length, 1))] ?? 'apr_none';
          for (const one of steps) {
            if (!w.store.sqlite.open) w.restart();
            const task = async () => {
              if (one.kind === 'propose') {
                const input = { payment: 'ch_1', amount: one.amount };
                ids.push(
                  (await w.door.propose({ tool: 'refund_payment', input, requester: one.by, place })).id,
                );
              } else if (one.kind === 'approve' || one.kind === 'reject') {
                const typed =
                  one.kind === 'approve' && one.typed !== undefined ? { typedAmount: one.typed } : {};
                await w.door.decide({ approvalId: pick(one.which), verdict: one.kind, by: one.by, ...typed });
              } else if (one.kind === 'edit') {
                const input = { payment: 'ch_1', amount: one.amount };
                const outcome = await w.door.edit({ approvalId: pick(one.which), input, by: one.by });
                if (outcome.approval !== null) ids.push(outcome.approval.id);
              } else if (one.kind === 'advance') {
                w.clock.advance(one.ms);
                await w.door.sweep();
              } else if (one.kind === 'crash') {
                w.dieAt = one.at;
              } else if (one.kind === 'restart') {
                await w.settled();
                if (w.store.sqlite.open) w.store.sqlite.close();
                w.restart();
                await w.door.sweep();
              } else {
                w.outside[one.what] += 1;
              }
            };
            await task().catch(() => undefined);
            await w.settled();
          }
          w.dieAt = null;
          w.outside.blind = 0;
          w.outside.deaf = 0;
          if (!w.store.sqlite.open) w.restart();
          await w.door.sweep();
          for (let n = 0; n < 3; n += 1) {
            w.clock.advance(11 * 60_000);
            await w.door.sweep();
          }
          expect(verifyAudit(w.store).ok).toBe(true);
          const keys = w.outside.refunds.map((refund) => refund.key);
          expect(new Set(keys).size).toBe(keys.length);
          const approvals = await Promise.all([...new Set(ids)].map((id) => w.door.get(id)));
          const applied = approvals.filter((row) => row?.state === 'applied');
          expect(applied).toHaveLength(w.outside.refunds.length);
          for (const row of applied) {
            const yes = row?.decisions.find((decision) => decision.verdict === 'approve');
            const own = yes?.userId === row?.requester.userId;
            expect(yes).toBeDefined();
            expect(own && row?.requirement.typedAmount === false).toBe(false);
            expect(['ada', 'fay', 'flo']).toContain(yes?.userId);
          }
          expect(approvals.map((row) => row?.state)).not.toContain('approved');
          expect(approvals.map((row) => row?.state)).not.toContain('applying');
        } finally {
          w.close();
        }
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});
