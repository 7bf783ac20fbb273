import type { Tool } from './define-tool.ts';

/** The examples to offer somebody: not those that name a record ("invoice PSI-0042"), which may not exist here. */
export function sayable(tool: Pick<Tool, 'examples'>): string[] {
  return tool.examples.map((example) => example.say).filter((say) => !/\d{3}/.test(say));
}
