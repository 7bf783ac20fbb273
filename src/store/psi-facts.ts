import { z } from 'zod';
import {
  type ProposalFact,
  type ProposalMoment,
  type PsiFacts,
  TURN_OUTCOMES,
  type TurnFact,
} from '../domain/metrics/psi-facts.ts';
import type { Period } from '../domain/types.ts';
import type { Store } from './open-store.ts';

type Db = Store['db'];

const MOMENTS = { made: 'created_at', decided: 'decided_at', settled: 'settled_at' } as const;
/** States in which a proposal has not been turned down; with a decision they mean that people said yes. */
const NOT_APPROVED: ReadonlySet<string> = new Set(['pending', 'rejected', 'expired', 'superseded']);
const APPLIED: ReadonlySet<string> = new Set(['applied', 'undone']);

const outcomeSchema = z.enum(TURN_OUTCOMES);

/** What Psi has done, from its own ledgers: approvals, briefings, and what came of each question. */
export function psiFacts(db: Db): PsiFacts {
  return {
    turnsIn: (period) => turns(db, period),
    proposalsIn: (moment, period) => proposals(db, moment, period),
    briefingsIn: (period) => briefings(db, period),
  };
}

async function turns(db: Db, { startAt, endAt }: Period): Promise<TurnFact[]> {
  const rows = await db
    .selectFrom('turn_outcomes')
    .select(['outcome', 'unhelpful'])
    .where('at', '>=', startAt)
    .where('at', '<', endAt)
    .execute();
  return rows.map(({ outcome, unhelpful }) => ({
    outcome: outcomeSchema.parse(outcome),
    unhelpful: unhelpful === 1,
  }));
}

async function proposals(
  db: Db,
  moment: ProposalMoment,
  { startAt, endAt }: Period,
): Promise<ProposalFact[]> {
  const rows = await db
    .selectFrom('approvals')
    .select(['created_at', 'decided_at', 'state'])
    .where(MOMENTS[moment], '>=', startAt)
    .where(MOMENTS[moment], '<', endAt)
    .where('state', '<>', 'superseded')
    .execute();
  return rows.map((row) => ({
    createdAt: row.created_at,
    decidedAt: row.decided_at,
    approved: row.decided_at !== null && !NOT_APPROVED.has(row.state),
    applied: APPLIED.has(row.state),
  }));
}

async function briefings(db: Db, { startAt, endAt }: Period): Promise<number> {
  const row = await db
    .selectFrom('briefings')
    .select((query) => query.fn.countAll<number>().as('n'))
    .where('claimed_at', '>=', startAt)
    .where('claimed_at', '<', endAt)
    .where((where) => where.or([where('slack_state', '=', 'sent'), where('email_state', '=', 'sent')]))
    .executeTakeFirst();
  return row?.n ?? 0;
}
