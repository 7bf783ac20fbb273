import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EffectRunner } from '../../../src/domain/approvals/plan.ts';
import { calculateUsageInvoice } from '../../../src/domain/billing/run/basis.ts';
import { monthNamed } from '../../../src/domain/billing/run/month.ts';
import { planRun } from '../../../src/domain/billing/run/plan-run.ts';
import issueInvoice from '../../../src/tools/billing/issue-invoice.ts';
import { basesWithLate } from '../../../src/tools/billing/late-usage.ts';
import { monthEvidence } from '../../../src/tools/billing/month-evidence.ts';
import { START } from '../../domain/billing/run/given.ts';
import { billingSettings } from '../../quiet-ports.ts';
import { type BillingRoom, openBilling } from './desk.ts';

const TZ = 'America/Los_Angeles';
const OCTOBER = monthNamed('2026-10', TZ);
const { conventions } = billingSettings.entity;

let room: BillingRoom;
beforeEach(async () => {
  room = openBilling();
  await issue(await room.draft());
  const run = await room.desk.runs.ofMonth('main', '2026-10');
  await room.desk.runs.close(run?.id ?? '');
  room.ctx.clock = { ...room.ctx.clock, now: () => Date.parse('2027-02-02T00:00:00Z') };
});
afterEach(() => room.close());

let effects = 0;
/** Every invoice under keys of its own. */
async function issue(id: string) {
  effects += 1;
  const nth = effects;
  const runner: EffectRunner = {
    perform: async ({ kind, send, lookUp }) => {
      const key = `${kind}-${nth}`;
      return ((await lookUp?.(key)) ?? (await send(key))).result;
    },
  };
  return issueInvoice.apply(await issueInvoice.plan({ invoice: id }, room.ctx), room.ctx, runner);
}

function arrives(calls: number) {
  room.usage.calls += calls;
  room.late({ id: `late-${room.usage.calls}`, at: START + 20 * 86_400_000, calls });
}

/** The draft of a month after October, as a close would make it. */
async function draftOf(month: string) {
  const period = monthNamed(month, TZ);
  const evidence = await monthEvidence(room.ctx, period);
  return planRun({
    bases: await basesWithLate(room.ctx, period),
    conventions,
    source: { ...evidence, evidence: { ...evidence.evidence, days: new Map() }, totals: new Map() },
    lateSources: new Map([[OCTOBER.startAt, await monthEvidence(room.ctx, OCTOBER)]]),
    problems: [],
    flags: new Map(),
  });
}

async function close(month: string) {
  const { startAt, endAt } = monthNamed(month, TZ);
  const run = await room.desk.runs.open({ entityId: 'main', month, startAt, endAt });
  const drafts = await draftOf(month);
  for (const { id } of await room.desk.runs.saveDrafts(run.id, drafts, {
    events: 0,
    eventDays: 0,
    totalDays: 30,
  }))
    await issue(id);
  await room.desk.runs.close(run.id);
  return drafts;
}

describe('usage that arrives after a close', () => {
  it('is a line of the next invoice, for the month it is of', async () => {
    arrives(100);
    const [draft, ...others] = await draftOf('2026-11');
    expect(others).toEqual([]);
    expect(draft).toMatchObject({ totalMinor: 6, problems: [] });
    const lines = draft && calculateUsageInvoice(draft.basis, conventions).lines;
    expect(lines?.filter(({ amountMinor }) => amountMinor !== 0n)).toMatchObject([
      { kind: 'late_usage', amountMinor: 6n, period: { startAt: OCTOBER.startAt, endAt: OCTOBER.endAt } },
    ]);
  });

  it('is billed once, and later only what came since', async () => {
    arrives(100);
    expect(await close('2026-11')).toHaveLength(1);
    expect(room.desk.metering.dirtyPeriods()).toEqual([]);
    expect(await draftOf('2026-12')).toEqual([]);
    arrives(50);
    expect(await close('2026-12')).toMatchObject([{ totalMinor: 3 }]);
    expect(await draftOf('2027-01')).toEqual([]);
    const billed = [...room.outside.values()].reduce((sum, { total }) => sum + total.minor, 0);
    expect(billed).toBe(39);
  });

  it('is said on the card and printed with its own month', async () => {
    arrives(100);
    await close('2026-11');
    const printed = room.kept.at(-1);
    expect(printed?.lines.at(-1)).toMatchObject({
      detail: 'Usage of 2026-10-01 to 2026-10-31 that arrived after its invoice',
      quantity: '100',
      startsOn: '2026-10-01',
      amountMinor: 6,
    });
  });

  it('blocks the invoice where the second count does not find it', async () => {
    arrives(100);
    room.desk.source.callsByDay = async () => new Map();
    expect((await draftOf('2026-11'))[0]?.problems).toEqual([
      expect.stringMatching(/late usage of 2026-10 differs: calls: billed 1600, found 0/),
    ]);
  });

  it('that takes back more than is owed is not billed', async () => {
    room.usage.calls = 1_400;
    room.late({ id: 'mended', at: START + 20 * 86_400_000, calls: 0 });
    expect((await draftOf('2026-11'))[0]).toMatchObject({
      totalMinor: -6,
      problems: [expect.stringMatching(/More is given back than is owed/)],
    });
  });
});
