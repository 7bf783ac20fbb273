import { canonicalJson } from '../../domain/approvals/canonical-json.ts';
import type { Scope } from '../../domain/types.ts';
import type { Clock } from '../../lib/clock.ts';
import type { ToolResult } from '../../tools/tool-call.ts';
import type { SkillContext } from '../define-skill.ts';

type Call = SkillContext['call'];

/** Readers with the same rights who ask the same within a minute share one answer and its receipt. */
export type SharedReadings = (call: Call, scopes: readonly Scope[]) => Call;

const KEPT_MS = 60_000;

/**
 * Eight o'clock is many people's eight o'clock. Only what names its period is shared, and only with those who
 * hold every right that the call needs.
 */
export function createSharedReadings(clock: Clock): SharedReadings {
  const kept = new Map<string, { at: number; result: Promise<ToolResult> }>();
  return (call, scopes) => (tool, input) => {
    const needed: readonly Scope[] = [tool.scope, ...(tool.furtherScopes?.(input, scopes) ?? [])];
    const mayShare =
      tool.effect === 'read' &&
      typeof input.period === 'string' &&
      needed.every((scope) => scopes.includes(scope));
    if (!mayShare) return call(tool, input);
    const nowAt = clock.now();
    for (const [key, { at }] of kept) if (Math.abs(nowAt - at) > KEPT_MS) kept.delete(key);
    const key = `${tool.name} ${canonicalJson(input)}`;
    const known = kept.get(key);
    if (known) return known.result;
    const result = call(tool, input);
    kept.set(key, { at: nowAt, result });
    const forget = () => kept.delete(key);
    result.then(({ ok }) => !ok && forget(), forget);
    return result;
  };
}
