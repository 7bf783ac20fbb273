import { findMetric } from '../../domain/metrics/index.ts';
import type { Json } from '../../domain/types.ts';
import { mayPropose } from '../../tools/define-tool.ts';
import { periodIn } from './describe-input.ts';
import { takes } from './last-calls.ts';
import { NARROWING } from './overlay.ts';
import type { Part } from './parts.ts';

type Input = { [key: string]: Json };

const NOW = /\b(?:now|rn|current(?:ly)?|today|at the moment|so far)\b/i;
const OURS = /\b(?:our|we|us|total|overall|everyone|all customers|company)\b/i;

/**
 * What one part names and another lacks: "revenue last month, refunds, and who churned" is all last month; "MRR and
 * ARR by plan" both by plan. A later part shares backwards only as an entry of the same list.
 */
export function share(parts: readonly Part[]): Part[] {
  return parts.map((part, index) => {
    const { tool } = part.reading;
    if (mayPropose(tool)) return part;
    const input: Input = { ...part.input };
    Object.assign(input, sharedPeriod(part, index, parts));
    Object.assign(input, sharedCustomer(part, index, parts));
    Object.assign(input, sharedFilter(part, index, parts), sharedBreakdown(part, index, parts));
    return tool.input.safeParse(input).success ? { ...part, input } : part;
  });
}

/** The nearest part before this one that has it, else the nearest after, as far as that one is part of the list. */
function source(field: string, index: number, parts: readonly Part[]): Part | null {
  const has = (part: Part) => part.input[field] !== undefined && !mayPropose(part.reading.tool);
  const before = parts.slice(0, index).findLast(has);
  return before ?? parts.slice(index + 1).find((part) => has(part) && part.elliptic) ?? null;
}

function sharedPeriod(part: Part, index: number, parts: readonly Part[]): Input {
  const metric = findMetric(String(part.input.metric));
  if (!metric || part.input.period !== undefined || part.input.compare !== undefined) return {};
  if (!takes(part.reading.tool, 'period') || NOW.test(part.said.text)) return {};
  const from = source('period', index, parts);
  if (!from) return {};
  const { period, compare } = from.input;
  const { nowAt } = part.said;
  const meant = periodIn(period, part.said);
  // A standing number of a period that is not over is the number now.
  if (metric.kind === 'snapshot' && (!meant || meant.endAt > nowAt)) return {};
  if (period === undefined) return {};
  const compares = compare !== undefined && takes(part.reading.tool, 'compare');
  return compares ? { period, compare } : { period };
}

function sharedCustomer(part: Part, index: number, parts: readonly Part[]): Input {
  const { tool } = part.reading;
  if (!takes(tool, 'customer') || part.input.customer !== undefined || part.input.by === 'customer')
    return {};
  if (!part.elliptic || part.said.customers.length > 0 || OURS.test(part.said.text)) return {};
  if (part.input.metric !== undefined && findMetric(String(part.input.metric))?.narrows !== true) return {};
  const customer = source('customer', index, parts)?.input.customer;
  return customer === undefined ? {} : { customer };
}

function sharedFilter(part: Part, index: number, parts: readonly Part[]): Input {
  const narrows = findMetric(String(part.input.metric))?.narrows === true;
  if (!narrows || !part.elliptic || OURS.test(part.said.text)) return {};
  if (NARROWING.some((field) => part.input[field] !== undefined)) return {};
  const from = NARROWING.map((field) => [field, source(field, index, parts)?.input[field]] as const);
  return Object.fromEntries(from.flatMap(([field, value]) => (value === undefined ? [] : [[field, value]])));
}

/** Only backwards: "MRR by plan and ARR" asks for one ARR. But "top 5 by calls and MRR" ranks by each. */
function sharedBreakdown(part: Part, index: number, parts: readonly Part[]): Input {
  const metric = findMetric(String(part.input.metric));
  if (!metric || part.input.by !== undefined || part.input.top !== undefined) return {};
  const ranked = parts[index - 1];
  if (ranked?.input.top !== undefined && part.said.words.length <= 3 && /\bby\b/i.test(ranked.said.text)) {
    const { by, top, order } = ranked.input;
    return {
      ...(by === undefined ? {} : { by }),
      ...(top === undefined ? {} : { top }),
      ...(order === undefined ? {} : { order }),
    };
  }
  const after = parts
    .slice(index + 1)
    .find(({ input, elliptic }) => elliptic && input.by !== undefined && input.top === undefined);
  const { by, chart } = after?.input ?? {};
  if (by === undefined) return {};
  const has = ['day', 'week', 'month'].includes(String(by)) || metric.dimensions.some((one) => one === by);
  if (!has || !takes(part.reading.tool, 'by')) return {};
  return { by, ...(chart === undefined ? {} : { chart }) };
}
