import type { Scope } from '../../domain/types.ts';
import { mayPropose, type Tool } from '../../tools/define-tool.ts';
import { workingSentences } from './nearest.ts';

const AREAS: Record<Scope, string> = {
  'metrics:read': 'Numbers',
  'customers:read': 'Customers',
  'billing:read': 'Invoices and payments',
  'billing:write': 'Invoices and payments',
  'support:read': 'Support',
  'customers:contact': 'Customers',
  'approvals:read': 'Approvals',
  'audit:read': 'What was done',
};
const YOURS = 'Your own settings';
const MOST_AN_AREA = 4;

/** What this person can ask, by the tools their role opens: a heading an area, sentences that work below it. */
export function helpText({ permitted }: { permitted: readonly Tool[] }): string {
  if (permitted.length === 0) {
    return 'Your role does not open any company data here, so there is nothing I can answer. Ask a founder for access.';
  }
  // What begins playbooks is of use to those who may ask for what they propose.
  const acts = permitted.some(({ effect }) => effect === 'consequential');
  const actions = acts ? permitted.filter(mayPropose) : [];
  const areas = new Map<string, Tool[]>();
  for (const tool of permitted) {
    if (mayPropose(tool)) continue;
    const area = tool.effect === 'own' ? YOURS : AREAS[tool.scope];
    areas.set(area, [...(areas.get(area) ?? []), tool]);
  }
  const sections = [...areas].flatMap(([area, tools]) => section(`*${area}*`, tools));
  const proposals = section(
    '*Actions* I can propose; nothing happens until somebody with the right to has approved:',
    actions,
  );
  return [
    'You can ask me things like:',
    ...sections,
    ...proposals,
    '',
    'In a thread you can go on: "and the month before", "no, I meant Q3", "the second one", "by plan", "as a chart".',
    'I am in rules mode, without a language model: plain questions work best, up to four in one message.',
  ].join('\n');
}

/** One sentence of each tool in turn, then second ones, until the area is full. */
function section(heading: string, tools: readonly Tool[]): string[] {
  const each = tools.map(workingSentences);
  const deepest = Math.max(0, ...each.map((says) => says.length));
  const inTurn = Array.from({ length: deepest }, (_, turn) =>
    each.flatMap((says) => says[turn] ?? []),
  ).flat();
  const most = Math.max(MOST_AN_AREA, tools.length);
  return inTurn.length === 0 ? [] : ['', heading, ...inTurn.slice(0, most).map((say) => `- ${say}`)];
}
