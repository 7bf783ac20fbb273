import type { MovementKind } from '../mrr/movements.ts';
import { convertAll } from './conversion.ts';
import { countOne, happenedUntil } from './customers.ts';
import type { MetricFacts } from './facts.ts';
import {
  type Contribution,
  type Measured,
  type Metric,
  type MetricScope,
  ofCustomer,
  sumAmounts,
} from './metric.ts';
import { measureMrrAt, rateAt } from './mrr.ts';
import { type DatedMovement, movementsOfReplay, onPlan, replayFacts } from './mrr-history.ts';
import { DIMENSIONS } from './revenue.ts';

/** What happened to customers' MRR in the period, with what was read for it. */
export async function movementsIn(
  facts: MetricFacts,
  scope: MetricScope,
): Promise<{ movements: DatedMovement[]; rows: number }> {
  const untilAt = happenedUntil(scope);
  const replay = await replayFacts(facts, scope, untilAt);
  const span = { fromAt: scope.period.startAt, untilAt };
  const all = await movementsOfReplay(replay, facts, scope.company, span);
  const movements = all.filter(({ fact }) => onPlan(fact, scope.filter));
  return { movements, rows: replay.rows };
}

/** Gains count up, losses down. */
const SIGNS: Readonly<Record<MovementKind, 1 | -1>> = {
  new: 1,
  expansion: 1,
  reactivation: 1,
  contraction: -1,
  churn: -1,
};

/** Movements in company currency, each at the rate of its own day; losses below zero where `signed`. */
export async function movementAmounts(
  facts: MetricFacts,
  scope: MetricScope,
  movements: readonly DatedMovement[],
  signed: boolean,
): Promise<Contribution[]> {
  const { policy } = scope.mrr ?? facts.settings().mrr;
  const amounts = movements.map(({ amountMinor, currency, at }) => ({
    money: { minor: amountMinor, currency },
    at: rateAt(policy, scope.company, at),
  }));
  const converted = await convertAll(facts, scope.company, amounts);
  return movements.map((movement, index) => {
    const sign = signed ? SIGNS[movement.kind] : 1;
    return {
      ...ofCustomer(movement.fact, movement.fact.plan),
      amount: sign * (converted[index]?.minor ?? 0),
      original: { minor: sign * movement.amountMinor, currency: movement.currency },
    };
  });
}

async function measureKinds(
  facts: MetricFacts,
  scope: MetricScope,
  kinds: readonly MovementKind[],
  signed: boolean,
): Promise<Measured> {
  const { movements } = await movementsIn(facts, scope);
  const chosen = movements.filter(({ kind }) => kinds.includes(kind));
  const contributions = await movementAmounts(facts, scope, chosen, signed);
  return { contributions, rows: chosen.length, notes: [] };
}

const MOVEMENT = {
  version: 1,
  unit: 'money',
  grain: "one change of a customer's MRR",
  kind: 'flow',
  additivity: 'sum',
  owner: 'finance',
  sources: ['supabase', 'psizero'],
  underMrrPolicy: true,
  dimensions: DIMENSIONS,
  narrows: true,
  total: sumAmounts,
} as const;

const AT_RATE = 'each at the rate of its own day.';

function movementMetric(
  kind: MovementKind,
  named: Pick<Metric, 'name' | 'title' | 'words' | 'synonyms'>,
): Metric {
  return { ...MOVEMENT, ...named, measure: (facts, scope) => measureKinds(facts, scope, [kind], false) };
}

export const newMrr = movementMetric('new', {
  name: 'new_mrr',
  title: 'New MRR',
  words: `MRR of customers who paid for the first time in the period, ${AT_RATE}`,
  synonyms: [
    'new mrr',
    'new business mrr',
    'new business',
    'mrr from new customers',
    'new recurring revenue',
    'mrr added by new customers',
    'new biz mrr',
    'mrr from new business',
    'new logo mrr',
    'new subscription revenue',
    'mrr from new logos',
    'mrr won',
    'new recurring',
    'mrr we added',
    'new sales mrr',
  ],
});

export const expansionMrr = movementMetric('expansion', {
  name: 'expansion_mrr',
  title: 'Expansion MRR',
  words: `Rises of the MRR of customers who were paying already, ${AT_RATE}`,
  synonyms: [
    'expansion mrr',
    'expansion',
    'expansions',
    'expansion revenue',
    'upgrades',
    'upsell',
    'upsells',
    'upsell mrr',
    'upgrade mrr',
    'mrr from upgrades',
    'expanded mrr',
    'did we expand',
    'upgraded mrr',
    'mrr expansion',
    'account expansion',
    'growth from existing customers',
    'upsell revenue',
    'cross sell',
  ],
});

export const contractionMrr = movementMetric('contraction', {
  name: 'contraction_mrr',
  title: 'Contraction MRR',
  words: `Falls of the MRR of customers who go on paying, ${AT_RATE}`,
  synonyms: [
    'contraction mrr',
    'contraction',
    'downgrades',
    'downgrade mrr',
    'contracted mrr',
    'mrr contraction',
    'mrr lost to downgrades',
    'lost to downgrades',
    'mrr from downgrades',
    'downsell',
    'downsells',
    'contraction revenue',
    'downgraded mrr',
    'shrinkage',
  ],
});

export const churnedMrr = movementMetric('churn', {
  name: 'churned_mrr',
  title: 'Churned MRR',
  words: `MRR of customers that fell to nothing in the period, ${AT_RATE}`,
  synonyms: [
    'churned mrr',
    'mrr churn',
    'lost mrr',
    'mrr lost',
    'churned revenue',
    'revenue churn',
    'mrr churned',
    'mrr lost to churn',
    'lost recurring revenue',
    'recurring revenue lost',
    'churn in dollars',
    'dollar churn',
    'churn mrr',
    'revenue lost to churn',
    'mrr loss',
    'lost revenue',
  ],
});

export const reactivationMrr = movementMetric('reactivation', {
  name: 'reactivation_mrr',
  title: 'Reactivation MRR',
  words: `MRR of customers who pay again after a time at nothing, ${AT_RATE}`,
  synonyms: [
    'reactivation mrr',
    'reactivated mrr',
    'reactivation',
    'winback mrr',
    'won back mrr',
    'win back mrr',
    'mrr won back',
    'mrr reactivated',
    'reactivation revenue',
    'returning mrr',
    'mrr from returning customers',
    'resurrected mrr',
  ],
});

const ALL_KINDS: readonly MovementKind[] = ['new', 'expansion', 'reactivation', 'contraction', 'churn'];

export const netNewMrr: Metric = {
  ...MOVEMENT,
  name: 'net_new_mrr',
  title: 'Net new MRR',
  words: `New, expansion and reactivation MRR less contraction and churned MRR, ${AT_RATE}`,
  synonyms: [
    'net new mrr',
    'net new',
    'net mrr movement',
    'mrr growth',
    'net mrr added',
    'mrr movements',
    'mrr net new',
    'net mrr change',
    'net adds',
    'net mrr adds',
    'net additions',
    'mrr change',
    'change in mrr',
    'mrr bridge',
    'net mrr growth',
    'mrr delta',
    'net movement',
    'net mrr',
  ],
  measure: (facts, scope) => measureKinds(facts, scope, ALL_KINDS, true),
};

/** What stands at the end less what stood at the beginning less what moved: exchange rates, and rounding. */
export const fxMrr: Metric = {
  ...MOVEMENT,
  name: 'fx_mrr',
  title: 'FX effect on MRR',
  words:
    'MRR at the end of the period, less MRR just before it, less net new MRR: what exchange rates did, and rounding.',
  grain: 'one subscription at either end, or one change between',
  synonyms: [
    'fx mrr',
    'fx effect',
    'currency effect',
    'exchange rate effect',
    'fx impact',
    'currency impact',
    'exchange rate impact',
    'fx move',
    'fx moves',
    'currency moves',
    'mrr fx effect',
    'foreign exchange effect',
    'foreign exchange',
    'currency swings',
    'exchange rates',
  ],
  measure: async (facts, scope) => {
    const closing = await measureMrrAt(facts, scope, happenedUntil(scope) - 1);
    const opening = await measureMrrAt(facts, scope, scope.period.startAt - 1);
    const moved = await measureKinds(facts, scope, ALL_KINDS, true);
    const less = (rows: readonly Contribution[]) =>
      rows.map((row) => ({ ...row, amount: -row.amount, original: null }));
    const contributions = [
      ...closing.contributions.map((row) => ({ ...row, original: null })),
      ...less(opening.contributions),
      ...less(moved.contributions),
    ];
    return { contributions, rows: closing.rows + opening.rows + moved.rows, notes: [] };
  },
};

function countMetric(
  kind: MovementKind,
  named: Pick<Metric, 'name' | 'title' | 'words' | 'synonyms'>,
): Metric {
  return {
    ...MOVEMENT,
    ...named,
    unit: 'count',
    grain: 'one customer',
    additivity: 'distinct',
    owner: 'success',
    measure: async (facts, scope) => {
      const { movements } = await movementsIn(facts, scope);
      const once = new Map(
        movements.filter((movement) => movement.kind === kind).map((one) => [one.customer, one.fact]),
      );
      const contributions = [...once.values()].map((fact) => countOne(fact, fact.plan));
      return { contributions, rows: contributions.length, notes: [] };
    },
  };
}

export const newCustomers = countMetric('new', {
  name: 'new_customers',
  title: 'New customers',
  words: 'Customers whose MRR rose above zero for the first time in the period.',
  synonyms: [
    'new customers',
    'new paying customers',
    'customers did we win',
    'customers won',
    'customers gained',
    'new logos',
    'first time customers',
    'customers added',
    'customers did we add',
    'customers did we sign',
    'customers did we get',
    'customers did we land',
    'new clients',
    'customers acquired',
    'customers landed',
    'new subscribers',
    'new business customers',
    'first time buyers',
    'logos won',
    'new customer count',
    'customers onboarded',
    'converted customers',
  ],
});

export const reactivatedCustomers = countMetric('reactivation', {
  name: 'reactivated_customers',
  title: 'Reactivated customers',
  words: 'Customers who paid again in the period after a time at nothing.',
  synonyms: [
    'reactivated customers',
    'reactivations',
    'reactivated',
    'won back customers',
    'customers won back',
    'winbacks',
    'customers came back',
    'who came back',
    'returning customers',
    'customers returned',
    'customers coming back',
    'resurrected customers',
    'win backs',
    'won back',
    'winback customers',
    'customers rejoined',
    'customers did we win back',
  ],
});

export const MOVEMENT_METRICS: readonly Metric[] = [
  newMrr,
  expansionMrr,
  contractionMrr,
  churnedMrr,
  reactivationMrr,
  netNewMrr,
  fxMrr,
  newCustomers,
  reactivatedCustomers,
];
