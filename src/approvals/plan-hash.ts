import { createHash } from 'node:crypto';
import { canonicalJson } from '../domain/approvals/canonical-json.ts';
import type { Plan } from '../domain/approvals/plan.ts';
import { approvedPart } from '../domain/approvals/stale-plan.ts';
import type { Json } from '../domain/types.ts';

/**
 * sha256 over the canonical JSON of what a person says yes to. Throws TypeError when a fact cannot be written
 * down.
 */
export function planHash(tool: string, input: { [key: string]: Json }, plan: Plan): string {
  return createHash('sha256')
    .update(canonicalJson({ tool, input, plan: approvedPart(plan) }))
    .digest('hex');
}
