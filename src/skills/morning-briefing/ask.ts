import { setImmediate } from 'node:timers/promises';
import type { z } from 'zod';
import type { Json, Receipt } from '../../domain/types.ts';
import { SystemError } from '../../lib/errors.ts';
import type { Tool, ToolOutput } from '../../tools/define-tool.ts';
import type { ToolDone } from '../../tools/tool-call.ts';
import type { SkillContext } from '../define-skill.ts';

/** What one look-up gave, typed as its tool declares it. */
export interface Found<O> {
  output: O;
  done: ToolDone;
  queryId: string;
}

/** Look-ups for one reader with that reader's rights; what could not be read is remembered, never fatal. */
export interface Asker {
  /** Null when the reader may not see it or it could not be read. */
  ask<O extends ToolOutput>(
    tool: Tool & { output: z.ZodType<O> },
    input: { [key: string]: Json },
    about: string,
  ): Promise<Found<O> | null>;
  receipts: Receipt[];
  failures: string[];
}

/** @param call the tool runner, as this reader */
export function createAsker(call: SkillContext['call']): Asker {
  const receipts: Receipt[] = [];
  const failed = new Set<string>();
  const failures: string[] = [];
  return {
    receipts,
    failures,
    async ask(tool, input, about) {
      // The store answers without waiting: between two look-ups others are heard, clicks above all.
      await setImmediate();
      const result = await call(tool, input);
      if (!result.ok) {
        if (
          (result.error instanceof SystemError || result.error.code === 'not_connected') &&
          !failed.has(about)
        ) {
          failed.add(about);
          failures.push(`${about} could not be read, so this part is missing.`);
        }
        return null;
      }
      if (result.kind !== 'result') return null;
      receipts.push(result.receipt);
      return { output: tool.output.parse(result.output), done: result, queryId: result.receipt.queryId };
    },
  };
}
