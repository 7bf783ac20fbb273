import { z } from 'zod';
import type { Tool } from '../tools/define-tool.ts';

/** A tool as OpenAI-compatible servers take it. */
export interface BoundTool {
  type: 'function';
  function: { name: string; description: string; parameters: Record<string, unknown> };
}

export function toBoundTools(tools: readonly Tool[]): BoundTool[] {
  return tools.map((tool) => {
    const { $schema: _, ...parameters } = z.toJSONSchema(tool.input, { io: 'input' });
    return { type: 'function', function: { name: tool.name, description: tool.description, parameters } };
  });
}
