import { canonicalJson } from './canonical-json.ts';
import type { Plan } from './plan.ts';

/**
 * The part of a plan that a person said yes to. Left out: the policy's amount, which follows the day's exchange
 * rate and is checked anew at every decision, and the warnings, which speak of how long ago things were.
 */
export function approvedPart(plan: Plan): Omit<Plan, 'policyAmount' | 'warnings'> {
  const { policyAmount: _policyAmount, warnings: _warnings, ...rest } = plan;
  return rest;
}

/** What differs between the plan approved and the plan as the facts are now, in words for people. */
export function changedMeanwhile(approved: Plan, fresh: Plan): string[] {
  const changes: string[] = [];
  if (approved.subject.id !== fresh.subject.id) {
    changes.push(`it is about another ${fresh.subject.kind} now: ${fresh.subject.id}`);
  }
  for (const change of fresh.changes) {
    const before = approved.changes.find((other) => other.what === change.what);
    if (before === undefined) changes.push(`${change.what} is new`);
    else if (before.before !== change.before) {
      changes.push(`${change.what} was ${short(before.before)} and is now ${short(change.before)}`);
    } else if (before.after !== change.after) {
      changes.push(`${change.what} would become ${short(change.after)} instead of ${short(before.after)}`);
    }
  }
  if (canonicalJson(approved.touches) !== canonicalJson(fresh.touches))
    changes.push('who is touched changed');
  if (changes.length === 0) changes.push(...changedFacts(approved, fresh));
  return changes.length > 0 ? changes : ['the facts behind it changed'];
}

/** A mail is not quoted whole. */
const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

function changedFacts(approved: Plan, fresh: Plan): string[] {
  const names = new Set([...Object.keys(approved.facts), ...Object.keys(fresh.facts)]);
  return [...names]
    .filter(
      (name) => canonicalJson(approved.facts[name] ?? null) !== canonicalJson(fresh.facts[name] ?? null),
    )
    .map((name) => `${name.replace(/([A-Z])/g, ' $1').toLowerCase()} changed`);
}
