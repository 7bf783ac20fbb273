import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import type { Tool } from '../../tools/define-tool.ts';

const READ = new WeakMap<Utterance, Map<Tool, readonly Reading[]>>();
const ALONE = new WeakMap<Utterance, Utterance>();

/**
 * What a tool reads in an utterance. Deciding on one message asks this of every tool several times over, so each
 * answer is kept as long as the utterance is.
 */
export function recognized(tool: Tool, utterance: Utterance): readonly Reading[] {
  const known = READ.get(utterance) ?? new Map<Tool, readonly Reading[]>();
  const before = known.get(tool);
  if (before) return before;
  const readings = tool.recognize(utterance);
  READ.set(utterance, known.set(tool, readings));
  return readings;
}

/** The utterance as one that begins a thread; the same object each time. */
export function alone(utterance: Utterance): Utterance {
  if (utterance.previous.length === 0) return utterance;
  const known = ALONE.get(utterance);
  if (known) return known;
  const fresh = { ...utterance, previous: [] };
  ALONE.set(utterance, fresh);
  return fresh;
}
