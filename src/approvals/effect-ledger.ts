import { canonicalJson } from '../domain/approvals/canonical-json.ts';
import type { Effect, EffectRunner } from '../domain/approvals/plan.ts';
import type { Json } from '../domain/types.ts';
import { SystemError, UserError } from '../lib/errors.ts';
import { type ApprovalRow, readApproval } from '../store/approvals.ts';
import { type EffectRow, type EffectState, insertEffect, moveEffect, readEffect } from '../store/effects.ts';
import { ledgerTransaction } from '../store/ledger.ts';
import type { House } from './house.ts';
import { PSI, recordOn } from './trail.ts';

/** A step that nobody can find outside this long after it was sent never got there. */
export const GIVE_UP_AFTER_MS = 10 * 60_000;
/** Stripe keeps idempotency keys for 24 hours; past this a resend could be a second effect. */
const RESEND_WITHIN_MS = 20 * 3_600_000;

interface Answer<T extends Json> {
  outsideId: string;
  result: T;
}

/**
 * The ledger of what goes outside: `intent -> sent -> confirmed | refused | unknown`, one row a step, keyed by
 * the key minted at approval and the step's number. `sent` is written before the step begins, so a step that is
 * still `intent` after a crash has certainly not begun.
 */
export function effectRunner(house: House, row: ApprovalRow): EffectRunner {
  let step = 0;
  return {
    perform: async (effect) => {
      step += 1;
      return performStep(house, row, `${row.effect_key}:${step}`, effect);
    },
  };
}

/** One step under its key. @throws EffectUnknown where nobody can tell; what the outside refused, as it said it. */
export async function performStep<T extends Json>(
  house: House,
  row: ApprovalRow,
  key: string,
  effect: Effect<T>,
): Promise<T> {
  const ledger = await intentFor(house, row, key, effect);
  if (ledger.state === 'confirmed') return resultOf<T>(ledger);
  if (ledger.state === 'refused') throw new UserError('conflict', 'This step was refused outside.');
  if (ledger.state === 'unknown') return lookAgain(house, row, ledger, effect);
  if (ledger.state === 'sent') return resume(house, row, ledger, effect);
  if (!(await begin(house, row, key))) throw lost(row);
  return send(house, row, key, effect, 'first');
}

async function intentFor<T extends Json>(
  house: House,
  row: ApprovalRow,
  key: string,
  effect: Effect<T>,
): Promise<EffectRow> {
  const { store, clock } = house.deps;
  const known = readEffect(store, key);
  if (known !== null) {
    if (known.kind !== effect.kind || known.request !== canonicalJson(effect.request)) {
      throw new SystemError('effect_unknown', `step ${key} is not the step that was begun`);
    }
    return known;
  }
  const fresh: EffectRow = {
    key,
    approval_id: row.id,
    kind: effect.kind,
    system: effect.system,
    request: canonicalJson(effect.request),
    state: 'intent',
    outside_id: null,
    result: null,
    amount_minor: effect.amount?.minor ?? null,
    currency: effect.amount?.currency ?? null,
    created_at: clock.now(),
    sent_at: null,
    confirmed_at: null,
  };
  await ledgerTransaction(store, () => {
    insertEffect(store, fresh);
    recordOn(house, row, PSI, 'effect.intended', { key, kind: effect.kind, system: effect.system });
  });
  house.deps.failpoint('effect.intent_recorded');
  return fresh;
}

/** Only one process gets through, and only while the row is still this process's. */
function begin(house: House, row: ApprovalRow, key: string): Promise<boolean> {
  const { store, clock } = house.deps;
  return ledgerTransaction(store, () => {
    if (readApproval(store, row.id)?.revision !== row.revision) return false;
    return moveEffect(store, key, ['intent'], 'sent', { sent_at: clock.now() });
  });
}

async function send<T extends Json>(
  house: House,
  row: ApprovalRow,
  key: string,
  effect: Effect<T>,
  attempt: 'first' | 'second',
): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await effect.send(key);
  } catch (error) {
    if (certainlyNotDone(error, effect)) {
      await settle(house, row, key, 'refused', 'effect.refused');
      throw error;
    }
    house.deps.logger.warn(
      { err: error, approval: row.id, effect: effect.kind },
      'an effect got no clear answer',
    );
    const found = await find(house, effect, key);
    if (found !== 'cannot_tell' && found !== null) return confirm(house, row, key, found);
    if (found === null && attempt === 'first') return send(house, row, key, effect, 'second');
    await settle(house, row, key, 'unknown', 'effect.unknown');
    throw unknown(effect, error);
  }
  house.deps.failpoint('effect.sent');
  return confirm(house, row, key, answer);
}

/** A refusal in words, or, where there is no look-up, a connection that never came about. */
function certainlyNotDone<T extends Json>(error: unknown, effect: Effect<T>): boolean {
  if (error instanceof UserError) return true;
  return effect.lookUp === undefined && error instanceof SystemError && error.code === 'source_unavailable';
}

/** After a crash: the step had begun. Ask; where the answer is no, the same key may be sent once more. */
async function resume<T extends Json>(
  house: House,
  row: ApprovalRow,
  ledger: EffectRow,
  effect: Effect<T>,
): Promise<T> {
  const found = await find(house, effect, ledger.key);
  if (found !== 'cannot_tell' && found !== null) return confirm(house, row, ledger.key, found);
  const age = house.deps.clock.now() - (ledger.sent_at ?? ledger.created_at);
  const { policy } = house.deps.policy.current();
  if (found === null && age < RESEND_WITHIN_MS && !policy.stopped) {
    if (readApproval(house.deps.store, row.id)?.revision !== row.revision) throw lost(row);
    return send(house, row, ledger.key, effect, 'second');
  }
  await settle(house, row, ledger.key, 'unknown', 'effect.unknown');
  throw unknown(effect, null);
}

/** `unknown` is found out by look-up only: never sent again. */
async function lookAgain<T extends Json>(
  house: House,
  row: ApprovalRow,
  ledger: EffectRow,
  effect: Effect<T>,
): Promise<T> {
  const found = await find(house, effect, ledger.key);
  if (found !== 'cannot_tell' && found !== null) return confirm(house, row, ledger.key, found);
  const age = house.deps.clock.now() - (ledger.sent_at ?? ledger.created_at);
  if (found === null && age >= GIVE_UP_AFTER_MS) {
    await settle(house, row, ledger.key, 'refused', 'effect.not_found');
    throw new UserError('conflict', `${effect.system} never got it.`);
  }
  throw unknown(effect, null);
}

async function find<T extends Json>(
  house: House,
  effect: Effect<T>,
  key: string,
): Promise<Answer<T> | null | 'cannot_tell'> {
  if (effect.lookUp === undefined) return 'cannot_tell';
  try {
    return await effect.lookUp(key);
  } catch (error) {
    house.deps.logger.warn({ err: error, effect: effect.kind }, 'an effect could not be looked up');
    return 'cannot_tell';
  }
}

async function confirm<T extends Json>(
  house: House,
  row: ApprovalRow,
  key: string,
  answer: Answer<T>,
): Promise<T> {
  const { store, clock } = house.deps;
  await ledgerTransaction(store, () => {
    const moved = moveEffect(store, key, ['sent', 'unknown'], 'confirmed', {
      outside_id: answer.outsideId,
      result: JSON.stringify(answer.result),
      confirmed_at: clock.now(),
    });
    if (moved) recordOn(house, row, PSI, 'effect.confirmed', { key, outsideId: answer.outsideId });
  });
  house.deps.failpoint('effect.confirmed');
  return answer.result;
}

function settle(
  house: House,
  row: ApprovalRow,
  key: string,
  to: Extract<EffectState, 'refused' | 'unknown'>,
  action: string,
): Promise<void> {
  return ledgerTransaction(house.deps.store, () => {
    const moved = moveEffect(house.deps.store, key, ['sent', 'unknown'], to);
    if (moved) recordOn(house, row, PSI, action, { key });
  });
}

/**
 * The one place where a stored result is taken for what its step returns: it was written from that step's own
 * answer, under this key.
 */
function resultOf<T extends Json>(ledger: EffectRow): T {
  if (ledger.result === null) throw new SystemError('store_failed', `effect ${ledger.key} has no result`);
  return JSON.parse(ledger.result) as T;
}

const unknown = <T extends Json>(effect: Effect<T>, cause: unknown): EffectUnknown =>
  new EffectUnknown(effect.kind, effect.lookUp !== undefined, cause);

const lost = (row: ApprovalRow): LeaseLost => new LeaseLost(`approval ${row.id} is being applied elsewhere`);

/** Nobody can tell whether a step happened; `askable` where it can be looked up later. */
export class EffectUnknown extends SystemError {
  constructor(
    kind: string,
    readonly askable: boolean,
    cause: unknown,
  ) {
    super('effect_unknown', `nobody can tell whether ${kind} happened`, { cause });
  }
}

/** Another process holds the row: stop, and leave it to that one. */
export class LeaseLost extends Error {}
