import type { Dunning, DunningEvent, FailingCustomer } from '../../domain/recovery/desk.ts';
import type { DunningState, Hold } from '../../domain/recovery/dunning.ts';
import { DEFAULT_LADDERS } from '../../domain/recovery/ladder.ts';
import type { ToolContext } from '../define-tool.ts';

type Ctx = Pick<ToolContext, 'recovery' | 'clock'>;

/** Everything known of one customer's dunning, from what the sources say and what was written down. */
export async function dunningStateOf(
  dunning: Pick<Dunning, 'customerId' | 'openedAt' | 'ladder'>,
  failing: FailingCustomer | null,
  ctx: Ctx,
): Promise<DunningState> {
  const { customerId, openedAt } = dunning;
  const [all, levels, incidents] = await Promise.all([
    ctx.recovery.eventsOf(customerId),
    ctx.recovery.levelsOf(customerId),
    ctx.recovery.incidentsSince(openedAt),
  ]);
  const events = all.filter(({ at }) => at >= openedAt);
  const shown = events.findLast(({ kind }) => kind === 'rehearsal_shown');
  const approved = events.findLast(({ kind }) => kind === 'rehearsal_approved');
  const shownAt = shown?.at ?? approved?.at ?? null;
  const before = levels.filter(({ at }) => at < openedAt).at(-1);
  return {
    ladder: DEFAULT_LADDERS[dunning.ladder],
    openedAt,
    done: events.flatMap(({ at, kind, step }) =>
      kind === 'step' && step !== null ? [{ stepId: step, at }] : [],
    ),
    restrictions: [
      ...(before === undefined || before.level === 'full' ? [] : [before]),
      ...levels.filter(({ at }) => at >= openedAt),
    ],
    rehearsal: shownAt === null ? null : { shownAt, approvedAt: approved?.at ?? null },
    paidAt: failing === null ? ctx.clock.now() : null,
    optedOutAt: optedOutAt(all),
    holds: [
      ...(failing?.disputed ? [{ why: 'dispute' as const, startAt: openedAt, endAt: null }] : []),
      ...incidents.map((incident) => ({ why: 'incident' as const, ...incident })),
      ...pausesIn(all),
    ],
    // A person who calls sees whom; no source tells who agreed to text messages.
    consents: { sms: false, phone: true },
  };
}

/** A word to resume takes back both a pause and an opt-out. */
function optedOutAt(events: readonly DunningEvent[]): number | null {
  const last = events.findLast(({ kind }) => kind === 'opted_out' || kind === 'resumed');
  return last?.kind === 'opted_out' ? last.at : null;
}

/** Pauses by people: each to its end, or until somebody resumed. */
export function pausesIn(events: readonly DunningEvent[]): Hold[] {
  const holds: Hold[] = [];
  for (const { at, kind, untilAt } of events) {
    const open = holds.at(-1);
    const endsBefore = open?.endAt ?? null;
    if (open && (endsBefore === null || endsBefore > at) && (kind === 'paused' || kind === 'resumed'))
      open.endAt = at;
    if (kind === 'paused') holds.push({ why: 'person', startAt: at, endAt: untilAt });
  }
  return holds;
}

/** What keeps a customer from being charged or written to now, in words; null for nothing. */
export function holdWords(state: DunningState, now: number): string | null {
  const open = state.holds.find(({ startAt, endAt }) => startAt <= now && (endAt === null || now < endAt));
  if (open?.why === 'dispute') return 'a payment of theirs is disputed';
  if (open?.why === 'incident') return 'an incident of ours is open';
  if (open?.why === 'person') return 'somebody paused it';
  return state.optedOutAt !== null && state.optedOutAt <= now ? 'they asked not to be contacted' : null;
}
