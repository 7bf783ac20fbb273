import { addMonths, DAY, HOUR, MINUTE } from './calendar.ts';
import { WorldError } from './errors.ts';
import { lastOutageAt } from './incidents.ts';
import { createInvoice, finalizeInvoice } from './invoice-operations.ts';
import { mustGet } from './lookup.ts';
import type { Anchor } from './ordinary.ts';
import type { CustomerRecord, World } from './records.ts';
import { openDispute } from './refund-operations.ts';
import { signUp } from './signups.ts';
import type { SimulatedWorld, Temper } from './simulated-world.ts';
import { CAST, type Character, UNUSUAL } from './story-cast.ts';
import { TICKETS } from './story-tickets.ts';
import { openTicket } from './support.ts';

/** Something that happened on purpose, at its instant. */
interface Story {
  at: number;
  run(world: SimulatedWorld): void;
}

const STEADY: Temper = { steady: true, usage: 'ordinary', converts: null, transfer: null };
const known = new Map<string, Story[]>();

/** All stories of a world, in order. */
export function storiesOf(anchor: Anchor): Story[] {
  const key = `${anchor.seed}/${anchor.now}/${anchor.scale}`;
  const made = known.get(key);
  if (made) return made;
  const stories = [...CAST.flatMap((one) => lifeStory(anchor.now, one)), ...events(anchor.now)];
  stories.sort((a, b) => a.at - b.at);
  known.clear();
  known.set(key, stories);
  return stories;
}

/** The customer of that exact name. */
export function named(world: World, name: string): CustomerRecord {
  const found = world.all('customers').find((customer) => customer.name === name);
  if (!found) throw new WorldError('resource_missing', `No customer is named ${name}`);
  return found;
}

function lifeStory(now: number, character: Character): Story[] {
  const { months, renewedDaysAgo, temper, declineCode, ...signup } = character;
  const renewedAt = Math.floor(now - renewedDaysAgo * DAY);
  const joined: Story = {
    at: addMonths(renewedAt, -months),
    run: (world) => signUp(world, { ...signup, temper: { ...STEADY, ...temper } }),
  };
  if (!declineCode) return [joined];
  const broke = {
    // A renewal counted from a short month may come up to three days early.
    at: renewedAt - 5 * DAY,
    run: (world: SimulatedWorld) => {
      const { paymentMethodId } = named(world, signup.name);
      if (!paymentMethodId) return;
      world.put('paymentMethods', { ...mustGet(world, 'paymentMethods', paymentMethodId), declineCode });
    },
  };
  return [joined, broke];
}

function events(now: number): Story[] {
  const outageAt = lastOutageAt(now);
  const tickets = TICKETS.map(({ name, hoursAgo, duringOutage, ...ticket }) => ({
    at: Math.floor(duringOutage === undefined ? now - hoursAgo * HOUR : outageAt + duringOutage * MINUTE),
    run: (world: SimulatedWorld) => {
      openTicket(world, { customerId: named(world, name).id, ...ticket });
    },
  }));
  return [
    ...tickets,
    { at: now - 6 * DAY, run: (world) => finalizeInvoice(world, oneOff(world, UNUSUAL).id) },
    { at: now - 20 * HOUR, run: draftForReview },
    { at: now - 20 * DAY, run: disputeLatest },
  ];
}

function oneOff(world: SimulatedWorld, wanted: typeof UNUSUAL) {
  const customer = named(world, wanted.name);
  return createInvoice(world, {
    customerId: customer.id,
    currency: customer.currency,
    lines: wanted.lines,
    taxPercent: 19,
    daysUntilDue: 30,
  });
}

function draftForReview(world: SimulatedWorld): void {
  const customer = named(world, 'Lyric Translation');
  createInvoice(world, {
    customerId: customer.id,
    currency: customer.currency,
    lines: [{ description: 'Onboarding workshop, two days', quantity: 2, unitAmount: 180_000 }],
    daysUntilDue: 14,
  });
}

function disputeLatest(world: SimulatedWorld): void {
  const { id } = named(world, 'Sorrel Apparel');
  const charge = world.of('charges', id).findLast(({ status }) => status === 'succeeded');
  if (charge) openDispute(world, charge.id);
}
