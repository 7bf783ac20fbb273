import { UserError } from '../../lib/errors.ts';
import { logRank } from '../survival/log-rank.ts';
import { seenMonths } from './curve-areas.ts';
import { type Terms, wholeOf } from './estimate.ts';
import { type ExpectedValue, expectedValue } from './expected-value.ts';
import { groupOf } from './group.ts';
import { type Life, type LifeTrait, spellOf } from './life.ts';

/** With fewer customers a group's value says nothing that could be relied on. */
export const ENOUGH_CUSTOMERS = 20;
/** At risk among everybody at the last month of age counted. */
const SEEN_BY = 10;
const CHURNS_OF_ALL = 5;

/** Winning a customer, where its cost is known. */
export interface Acquisition {
  costMinor: number;
  /** Value over cost; null where it costs nothing. */
  ratio: number | null;
  /** The month of age by whose end the cost is back; null where it is not within the months counted. */
  paybackMonths: number | null;
}

export interface GroupValue {
  /** The segment, channel ...; "everybody". */
  name: string;
  customers: number;
  churned: number;
  value: ExpectedValue | null;
  /** Why there is no value. */
  refused: string | null;
  acquisition: Acquisition | null;
  /** Channels of its customers whose cost is not known. */
  costUnknown: string[];
}

export interface LifetimeValues {
  /** Months of age counted: as asked, or as long as enough customers were seen. */
  months: number;
  everybody: GroupValue;
  groups: GroupValue[];
  /** The chance of curves so unlike each other if groups did not differ (log-rank); null for fewer than two. */
  differ: number | null;
}

/** What groups are told apart by, or the ones to count alone. */
export interface Wanted {
  by: LifeTrait | null;
  /** The group asked about, by its name and its members; null for everybody. */
  only: { name: string; ids: ReadonlySet<string> } | null;
  asOfAt: number;
  terms: Terms;
  /** Minor units a customer, by channel. */
  costByChannel: ReadonlyMap<string, number>;
  seed: string;
}

/**
 * The expected value of a customer, of everybody and by group. Throws `not_ready` where too few customers are known,
 * or too few have left, for anything to be said.
 */
export function lifetimeValues(lives: readonly Life[], wanted: Wanted): LifetimeValues {
  const { asOfAt } = wanted;
  const known = lives.filter((life) => spellOf(life, asOfAt) !== null);
  const whole = wholeOf(groupOf(known, asOfAt, 1));
  if (known.length < ENOUGH_CUSTOMERS || whole.curve.events < CHURNS_OF_ALL) {
    throw new UserError(
      'not_ready',
      `${known.length} customers ever paid and ${whole.curve.events} of them left: too few to say how long customers stay.`,
      `It takes ${ENOUGH_CUSTOMERS} customers of whom ${CHURNS_OF_ALL} have left.`,
    );
  }
  const months = Math.max(1, Math.min(wanted.terms.months, seenMonths(whole.curve, SEEN_BY)));
  const terms = { ...wanted.terms, months };
  const valued = (name: string, own: readonly Life[]): GroupValue => {
    const group = groupOf(own, asOfAt, months);
    const churned = group.spells.filter(({ event }) => event).length;
    const refused =
      own.length < ENOUGH_CUSTOMERS
        ? `${own.length} ${own.length === 1 ? 'customer' : 'customers'}, fewer than ${ENOUGH_CUSTOMERS}`
        : null;
    const value = refused === null ? expectedValue(group, whole, terms, `${wanted.seed} ${name}`) : null;
    const cost = costOf(own, wanted.costByChannel);
    return {
      ...{ name, customers: own.length, churned, value, refused },
      acquisition: value && cost.known !== null ? acquisitionOf(cost.known, value) : null,
      costUnknown: cost.unknown,
    };
  };
  const asked = wanted.only ? known.filter(({ customerId }) => wanted.only?.ids.has(customerId)) : known;
  const groups = wanted.by === null ? new Map<string, Life[]>() : groupedBy(asked, wanted.by);
  return {
    months,
    everybody: valued(wanted.only?.name ?? 'everybody', asked),
    groups: [...groups]
      .map(([name, own]) => valued(name, own))
      .sort(
        (a, b) => (b.value?.valueMinor ?? -1) - (a.value?.valueMinor ?? -1) || (a.name < b.name ? -1 : 1),
      ),
    differ: differenceOf(groups, asOfAt),
  };
}

function groupedBy(lives: readonly Life[], trait: LifeTrait): Map<string, Life[]> {
  const groups = new Map<string, Life[]>();
  for (const life of lives) {
    const name = life[trait] === '' ? 'unknown' : life[trait];
    const own = groups.get(name);
    if (own) own.push(life);
    else groups.set(name, [life]);
  }
  return groups;
}

/** Only groups that are large enough to have a value are held against each other. */
function differenceOf(groups: ReadonlyMap<string, readonly Life[]>, asOfAt: number): number | null {
  const large = [...groups].filter(([, own]) => own.length >= ENOUGH_CUSTOMERS);
  if (large.length < 2) return null;
  const rows = large.flatMap(([name, own]) =>
    own.flatMap((life) => {
      const spell = spellOf(life, asOfAt);
      return spell ? [{ name, spell }] : [];
    }),
  );
  return logRank(
    rows.map(({ spell }) => spell),
    rows.map(({ name }) => name),
  ).p;
}

/** The mean over a group's customers, where the cost of each of their channels is known. */
function costOf(lives: readonly Life[], costByChannel: ReadonlyMap<string, number>) {
  const unknown = [...new Set(lives.map(({ channel }) => channel))].filter((one) => !costByChannel.has(one));
  if (unknown.length > 0 || lives.length === 0) return { known: null, unknown: unknown.sort() };
  const total = lives.reduce((sum, { channel }) => sum + (costByChannel.get(channel) ?? 0), 0);
  return { known: Math.round(total / lives.length), unknown };
}

function acquisitionOf(costMinor: number, { valueMinor, cumulativeMinor }: ExpectedValue): Acquisition {
  const back = cumulativeMinor.findIndex((value) => value >= costMinor);
  return {
    costMinor,
    ratio: costMinor === 0 ? null : valueMinor / costMinor,
    paybackMonths: back < 0 ? null : costMinor === 0 ? 0 : back + 1,
  };
}
