import { z } from 'zod';
import type { Compared, ComparedPage, Malformed, SyncMemory } from '../../domain/sync.ts';
import type { Clock } from '../../lib/clock.ts';
import { fieldsOf } from '../drift.ts';
import type { StripeConnection } from './client.ts';
import { fetchObject, linkPayments, wholeSecond } from './events.ts';
import { type ListRequest, listPage } from './lists.ts';
import { addRow, emptyRows, type StripeKind } from './rows.ts';

type Hold = (page: ComparedPage) => Promise<void>;

const chargeOf = z.looseObject({
  charge: z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]),
});

/**
 * Everything Stripe has that was made since `fromAt`, and what is older but may have changed since: subscriptions,
 * invoices not settled here or there, charges that were refunded or disputed.
 */
export async function compareLedger(
  connection: StripeConnection,
  memory: SyncMemory,
  clock: Clock,
  fromAt: number,
  hold: Hold,
): Promise<Compared> {
  const seen = { invoices: new Set<string>(), charges: new Set<string>() };
  const older = new Set<string>();
  const each = (kind: StripeKind, request: Omit<ListRequest, 'after'>, use: (object: unknown) => void) =>
    walk(connection, memory, clock, { kind, request, use }, hold);
  const note = (ids: Set<string>) => (object: unknown) => {
    const parsed = z.looseObject({ id: z.string() }).safeParse(object);
    if (parsed.success) ids.add(parsed.data.id);
  };
  const chargeBehind = (object: unknown) => {
    const parsed = chargeOf.safeParse(object);
    if (parsed.success) older.add(parsed.data.charge);
  };
  const since = { createdFromAt: fromAt };
  await each('subscription', {}, () => undefined);
  await each('invoice', since, note(seen.invoices));
  for (const invoiceStatus of ['draft', 'open', 'uncollectible'] as const)
    await each('invoice', { invoiceStatus }, note(seen.invoices));
  await each('charge', since, note(seen.charges));
  await each('refund', since, chargeBehind);
  await each('credit_note', since, () => undefined);
  for (let after: string | null = null; ; ) {
    const page = await listPage(connection, 'dispute', { after, ...since });
    page.data.forEach(chargeBehind);
    if (!page.has_more) break;
    after = page.data.at(-1)?.id ?? null;
  }
  const unsettled = memory.unsettledInvoices(fromAt).filter((id) => !seen.invoices.has(id));
  await fetched(connection, memory, clock, 'invoice', unsettled, hold);
  const charges = [...older].filter((id) => !seen.charges.has(id));
  await fetched(connection, memory, clock, 'charge', charges, hold);
  return [
    { table: 'subscriptions', fromAt: 0 },
    ...(['invoices', 'payments', 'refunds', 'credit_notes'] as const).map((table) => ({ table, fromAt })),
  ];
}

async function walk(
  connection: StripeConnection,
  memory: SyncMemory,
  clock: Clock,
  list: { kind: StripeKind; request: Omit<ListRequest, 'after'>; use: (object: unknown) => void },
  hold: Hold,
): Promise<void> {
  for (let after: string | null = null; ; ) {
    const seenAt = wholeSecond(clock.now());
    const page = await listPage(connection, list.kind, { ...list.request, after });
    page.data.forEach(list.use);
    await hand(connection, memory, list.kind, page.data, seenAt, hold);
    if (!page.has_more) return;
    after = page.data.at(-1)?.id ?? null;
  }
}

async function fetched(
  connection: StripeConnection,
  memory: SyncMemory,
  clock: Clock,
  kind: StripeKind,
  ids: readonly string[],
  hold: Hold,
): Promise<void> {
  for (const id of ids) {
    const seenAt = wholeSecond(clock.now());
    const object = await fetchObject(connection, { kind, id });
    if (object !== null) await hand(connection, memory, kind, [object], seenAt, hold);
  }
}

async function hand(
  connection: StripeConnection,
  memory: SyncMemory,
  kind: StripeKind,
  objects: readonly unknown[],
  seenAt: number,
  hold: Hold,
): Promise<void> {
  const rows = emptyRows();
  const malformed: Malformed[] = objects.flatMap((object) => addRow(rows, kind, object, seenAt) ?? []);
  if (kind === 'charge')
    await linkPayments(connection, memory, rows, (problem) => {
      if (problem) malformed.push(problem);
    });
  await hold({ rows, malformed, fields: { [kind]: fieldsOf(objects) } });
}
