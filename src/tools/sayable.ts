import type { Tool } from './define-tool.ts';

/** The examples to offer somebody: not those that name a record ("invoice PSI-0042"), which may not exist here. */
export function sayable(tool: Pick<Tool, 'examples'>): string[] {
  return tool.examples.map((example) => example.say).filter((say) => !/\d{3}/.test(say));
}

/** Tools in an order to suggest from: the first of each area before the second of any, so that few show much. */
export function inTurn<T extends Pick<Tool, 'scope'>>(tools: readonly T[]): T[] {
  const areas = new Map<string, T[]>();
  for (const tool of tools) areas.set(tool.scope, [...(areas.get(tool.scope) ?? []), tool]);
  const deepest = Math.max(0, ...[...areas.values()].map((each) => each.length));
  return Array.from({ length: deepest }, (_, turn) =>
    [...areas.values()].flatMap((each) => each[turn] ?? []),
  ).flat();
}
