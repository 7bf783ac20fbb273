import { z } from 'zod';
import type { Approval, Door } from '../approvals/types.ts';
import { dateAt, startOfDayAt } from '../domain/periods/calendar.ts';
import type { StandingRule } from '../domain/policy/recovery-rules.ts';
import type { ApprovalReader } from '../domain/ports.ts';
import type { RecoveryDesk } from '../domain/recovery/desk.ts';
import type { Principal } from '../domain/types.ts';
import { UserError } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import { waitsForDecision } from '../skills/open-proposals.ts';
import restoreService from '../tools/recovery/restore-service.ts';
import { defineHeartbeat, type Heartbeat } from './define-schedule.ts';
import { recoveryActor } from './recovery-tick.ts';
import type { SkillTurnParts } from './skill-turn.ts';

/** Between two looks when no webhook says that something happened. */
const EVERY_MS = 5 * 60_000;

interface WatchParts extends Omit<SkillTurnParts, 'ports'> {
  recovery: Pick<
    RecoveryDesk,
    'failing' | 'openDunnings' | 'close' | 'restricted' | 'restoredSince' | 'levelsOf'
  >;
  approvals: Pick<ApprovalReader, 'audit'>;
  door: Pick<Door, 'propose' | 'decide'>;
  clock: { now(): number };
  logger: Logger;
  members(): Promise<readonly Principal[]>;
}

/**
 * Ends the recovery of whoever has paid, at once, and gives back what was taken away: by the standing rule that a
 * named person decided in policy.yml, else as a proposal.
 */
export function createRecoveryWatch(parts: WatchParts): { look(): Promise<void>; heartbeat: Heartbeat } {
  const { recovery, clock, logger } = parts;
  let lookedAt: number | null = null;
  let looking: Promise<void> | null = null;
  let again = false;

  async function once(): Promise<void> {
    lookedAt = clock.now();
    const dunnings = await recovery.openDunnings();
    const restricted = await recovery.restricted();
    if (dunnings.length === 0 && restricted.length === 0) return;
    const owing = new Set((await recovery.failing()).map(({ customerId }) => customerId));
    for (const { id, customerId } of dunnings) {
      if (!owing.has(customerId)) await recovery.close(id, 'paid');
    }
    for (const { customerId } of restricted) {
      if (!owing.has(customerId)) await restore(parts, customerId);
    }
  }

  /** One at a time; what comes in between is looked at once more. */
  function look(): Promise<void> {
    if (looking !== null) {
      again = true;
      return looking;
    }
    looking = once()
      .catch((error: unknown) => logger.error({ err: error }, 'recovery could not be looked at'))
      .finally(() => {
        looking = null;
      })
      .then(() => {
        if (!again) return;
        again = false;
        return look();
      });
    return looking;
  }

  const heartbeat = defineHeartbeat({
    name: 'recovery-watch',
    foldsMissedTurns: true,
    nextDueAt: async () => (lookedAt === null ? clock.now() : lookedAt + EVERY_MS),
    run: look,
  });
  return { look, heartbeat };
}

async function restore(parts: WatchParts, customerId: string): Promise<void> {
  const { door, logger } = parts;
  const { principal, place } = await recoveryActor(parts);
  if (place === null || (await wasDecided(parts, customerId))) return;
  try {
    const approval = await door.propose({
      tool: restoreService.name,
      input: { customer: customerId },
      requester: principal,
      place,
    });
    if (approval.state === 'pending') await decideByRule(parts, approval);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    logger.warn({ customerId, reason: error.message }, 'full service is not proposed');
  }
}

/** Whoever said no is not asked again before the next morning's card. */
async function wasDecided({ approvals, recovery }: WatchParts, customerId: string): Promise<boolean> {
  const about = { tools: [restoreService.name], customerId };
  if (await waitsForDecision(approvals, about)) return false;
  const { rows } = await approvals.audit({ subject: customerId, limit: 200 });
  const ours = z.object({ tool: z.literal(restoreService.name) });
  const restrictedAt = (await recovery.levelsOf(customerId)).at(-1)?.at ?? 0;
  return rows.some(
    ({ action, at, details }) =>
      action === 'approval.proposed' && at >= restrictedAt && ours.safeParse(details).success,
  );
}

/** Nothing is decided when the rule is over, its day's number is reached, or the person has left. */
async function decideByRule(parts: WatchParts, approval: Approval): Promise<void> {
  const rule = parts.policy.current().policy.recovery.restore_after_payment;
  if (rule === null || !(await holds(rule, parts))) return;
  const address = rule.decided_by.toLowerCase();
  const by = (await parts.members()).find(({ email }) => email?.toLowerCase() === address);
  if (by === undefined) {
    parts.logger.warn({ address }, 'nobody here has the address of the standing rule');
    return;
  }
  const outcome = await parts.door.decide({
    approvalId: approval.id,
    verdict: 'approve',
    by,
    byStandingRule: true,
  });
  if (outcome.status !== 'approved')
    parts.logger.warn({ approval: approval.id, say: outcome.say }, 'the standing rule did not decide');
}

async function holds(rule: StandingRule, { clock, company, recovery }: WatchParts): Promise<boolean> {
  const today = dateAt(clock.now(), company.tz);
  if (today.toString() > rule.until) return false;
  return (await recovery.restoredSince(startOfDayAt(today, company.tz))) < rule.max_per_day;
}
