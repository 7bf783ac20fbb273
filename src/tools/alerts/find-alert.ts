import type { AlertRecord } from '../../domain/alerts/alert.ts';
import { UserError } from '../../lib/errors.ts';
import type { ToolContext } from '../define-tool.ts';

const LOOKED_THROUGH = 500;

/**
 * The one alert that is meant: by its id, by whom or what it is about, by the thread it is spoken of in, or as the
 * only one there is. Throws UserError `not_found` or `ambiguous` with the nearest as choices, said by `say`.
 */
export async function findAlert(
  ctx: Pick<ToolContext, 'alerts' | 'customers' | 'principal' | 'place'>,
  about: string | undefined,
  say: (name: string) => string,
): Promise<AlertRecord> {
  const { alerts, principal } = ctx;
  const filter = { limit: LOOKED_THROUGH };
  const [awake, asleep] = await Promise.all([
    alerts.list(principal, { ...filter, list: 'open' }),
    alerts.list(principal, { ...filter, list: 'snoozed' }),
  ]);
  const all = [...awake.rows, ...asleep.rows];
  if (about !== undefined) {
    const name = (await ctx.customers.get(about))?.name ?? about.trim();
    return oneOf(matching(all, about, name), `There is no open alert about ${name}.`, all, say);
  }
  const here = await alerts.inThread(principal, ctx.place);
  return oneOf(here.length > 0 ? here : all, 'There is no open alert.', all, say);
}

function matching(all: readonly AlertRecord[], about: string, name: string): AlertRecord[] {
  const wanted = name.toLowerCase();
  const exact = all.filter(
    ({ id, subject }) => id === about || subject.id === about || subject.name.toLowerCase() === wanted,
  );
  return exact.length > 0 ? exact : all.filter(({ subject }) => subject.name.toLowerCase().includes(wanted));
}

function oneOf(
  found: readonly AlertRecord[],
  none: string,
  all: readonly AlertRecord[],
  say: (name: string) => string,
): AlertRecord {
  const [only, another] = found;
  if (only && !another) return only;
  const names = [...new Set((only ? found : all).map(({ subject }) => subject.name))].slice(0, 3);
  const choices = names.map((name) => ({ label: name.slice(0, 75), say: say(name) }));
  if (!only) throw new UserError('not_found', none, undefined, choices);
  const hint = names.length > 1 ? `Say which: ${names.join(', ')}.` : 'Use the buttons on its card.';
  throw new UserError(
    'ambiguous',
    `${found.length} alerts could be meant.`,
    hint,
    names.length > 1 ? choices : [],
  );
}
