/**
 * What a measure is about, said in any of its words: "mrr we lost to cancellations" is recurring revenue that was
 * lost, however it is put. A metric is meant by the concepts that it joins; the most that a sentence names win.
 */
const WORDS = {
  mrr: 'mrr recurring',
  revenue: 'revenue sales turnover earnings',
  money: 'money cash',
  customer:
    'customer customers account accounts client clients logo logos company companies businesses people users subscriber subscribers folks',
  lose: 'lose lost losing loss losses churn churned churning churns cancel cancels cancelled canceled cancelling canceling cancellations cancellation left quit quitting departed attrition',
  down: 'downgrade downgrades downgraded downgrading downsell downsells contraction contracted contractions shrinkage',
  up: 'upgrade upgrades upgraded upgrading upsell upsells upsold expansion expansions expanded expand expanding cross-sell crosssell',
  new: 'new add added adds adding gain gained gaining won win wins winning signed sign land landed acquire acquired acquisition onboarded fresh',
  back: 'reactivated reactivation reactivations reactivate winback winbacks returned returning rejoined resurrected',
  net: 'net',
  fx: 'fx forex',
  rate: 'rate percent percentage share proportion ratio fraction portion pct part',
  payment: 'payment payments charge charges card cards transactions transaction',
  fail: 'failed fail failing fails decline declined declines declining bounced bounce bounces rejected failure failures unsuccessful',
  recover: 'recovered recover recovery recovering dunning recouped salvaged',
  call: 'call calls request requests',
  ticket: 'ticket tickets cases backlog queue',
  support: 'support',
  came: 'opened incoming received created raised filed arrived submitted logged',
  solve: 'close closed closing closes solve solved solving resolve resolved resolving resolution',
  fix: 'fix fixed fixing restore restored recover recovered repair resolve mend',
  reply: 'reply replies replied respond responds responded response answer answers answered answering',
  time: 'fast quickly long slow slowly soon time speed hours delay',
  old: 'old age aging ageing older oldness',
  happy: 'happy satisfied satisfaction happiness pleased content rate rated rating ratings',
  mood: 'mood sentiment tone upset angry annoyed frustrated unhappy negative positive',
  trial: 'trialing trial trials trialists trialing trialling',
  convert: 'convert converts converted converting conversion conversions paid',
  outage: 'outage outages incident incidents downtime',
  minute: 'minutes duration length lasted last hours',
  api: 'api apis',
  overage: 'overage overages',
  worth: 'worth amount value revenue fees charges money dollars priced price bill',
  approve: 'approve approves approved approving approval approvals',
  proposal: 'proposal proposals proposed requests actions things suggestions',
  save: 'save saved saves saving',
  average: 'average avg typical mean per',
  pay: 'pay pays paying worth spend spends',
  run: 'run annualised annualized annual yearly',
  signup: 'signup signups',
  life: 'lifetime life',
  invoice: 'invoice invoices bills billed invoiced',
  paid: 'paid',
  collected: 'collected',
  regain: 'regain regained',
  calling: 'calling',
  behind: 'behind late',
} as const;

export type Concept = keyof typeof WORDS;

/** Two words that are one concept. */
const PAIRS: readonly [first: string, second: string, Concept][] = [
  ['signed', 'up', 'signup'],
  ['sign', 'ups', 'signup'],
  ['won', 'back', 'back'],
  ['win', 'back', 'back'],
  ['win', 'backs', 'back'],
  ['came', 'back', 'back'],
  ['come', 'back', 'back'],
  ['coming', 'back', 'back'],
  ['came', 'in', 'came'],
  ['come', 'in', 'came'],
  ['walked', 'away', 'lose'],
  ['gone', 'away', 'lose'],
  ['hears', 'back', 'reply'],
  ['hear', 'back', 'reply'],
  ['get', 'back', 'regain'],
  ['got', 'back', 'regain'],
  ['exchange', 'rates', 'fx'],
  ['exchange', 'rate', 'fx'],
  ['currency', 'impact', 'fx'],
  ['currency', 'effect', 'fx'],
  ['currency', 'moves', 'fx'],
  ['currency', 'swings', 'fx'],
];

/** A metric and the concepts it joins; several where it is said in more than one way. */
export const JOINED: readonly (readonly [metric: string, ...concepts: Concept[]])[] = [
  ['churned_mrr', 'mrr', 'lose'],
  ['churned_mrr', 'revenue', 'lose'],
  ['churned_mrr', 'mrr', 'customer', 'lose'],
  ['contraction_mrr', 'mrr', 'down'],
  ['contraction_mrr', 'mrr', 'lose', 'down'],
  ['contraction_mrr', 'revenue', 'down'],
  ['contraction_mrr', 'revenue', 'lose', 'down'],
  ['expansion_mrr', 'mrr', 'up'],
  ['expansion_mrr', 'mrr', 'new', 'up'],
  ['expansion_mrr', 'revenue', 'up'],
  ['new_mrr', 'mrr', 'new'],
  ['new_mrr', 'mrr', 'new', 'customer'],
  ['net_new_mrr', 'mrr', 'net', 'new'],
  ['net_new_mrr', 'net', 'new'],
  ['reactivation_mrr', 'mrr', 'back'],
  ['reactivation_mrr', 'mrr', 'customer', 'back'],
  ['reactivation_mrr', 'revenue', 'back'],
  ['fx_mrr', 'mrr', 'fx'],
  ['customer_churn_rate', 'lose', 'rate'],
  ['customer_churn_rate', 'customer', 'lose', 'rate'],
  ['churned_customers', 'customer', 'lose'],
  ['new_customers', 'customer', 'new'],
  ['reactivated_customers', 'customer', 'back'],
  ['arr', 'revenue', 'run'],
  ['arr', 'mrr', 'run'],
  ['payment_failure_rate', 'payment', 'fail', 'rate'],
  ['failed_payments', 'payment', 'fail'],
  ['recovered_payments', 'payment', 'recover'],
  ['recovered_payments', 'payment', 'fail', 'recover'],
  ['recovered_payments', 'money', 'recover'],
  ['recovered_payments', 'revenue', 'recover'],
  ['recovery_rate', 'recover', 'rate'],
  ['recovery_rate', 'payment', 'recover', 'rate'],
  ['recovery_rate', 'payment', 'fail', 'recover', 'rate'],
  ['error_rate', 'call', 'fail'],
  ['error_rate', 'call', 'fail', 'rate'],
  ['error_rate', 'api', 'call', 'fail'],
  ['error_rate', 'api', 'call', 'fail', 'rate'],
  ['tickets_opened', 'ticket', 'came'],
  ['tickets_opened', 'ticket', 'new'],
  ['tickets_opened', 'support', 'ticket', 'came'],
  ['tickets_closed', 'ticket', 'solve'],
  ['tickets_closed', 'support', 'ticket', 'solve'],
  ['first_response_time', 'reply', 'time'],
  ['first_response_time', 'ticket', 'reply', 'time'],
  ['first_response_time', 'support', 'reply', 'time'],
  ['first_response_time', 'customer', 'reply', 'time'],
  ['first_response_time', 'customer', 'support', 'reply', 'time'],
  ['first_response_time', 'customer', 'ticket', 'reply', 'time'],
  ['first_response_time', 'support', 'ticket', 'reply', 'time'],
  ['resolution_time', 'ticket', 'solve', 'time'],
  ['resolution_time', 'support', 'solve', 'time'],
  ['resolution_time', 'support', 'ticket', 'solve', 'time'],
  ['backlog_age', 'ticket', 'old'],
  ['csat', 'customer', 'happy'],
  ['csat', 'support', 'happy'],
  ['csat', 'ticket', 'happy'],
  ['csat', 'customer', 'support', 'happy'],
  ['csat', 'support', 'ticket', 'happy'],
  ['ticket_sentiment', 'ticket', 'mood'],
  ['ticket_sentiment', 'support', 'mood'],
  ['ticket_sentiment', 'customer', 'mood'],
  ['ticket_sentiment', 'customer', 'ticket', 'mood'],
  ['ticket_sentiment', 'customer', 'support', 'mood'],
  ['ticket_sentiment', 'support', 'ticket', 'mood'],
  ['trial_conversion', 'trial', 'convert'],
  ['trial_conversion', 'trial', 'convert', 'rate'],
  ['trial_conversion', 'trial', 'customer', 'convert'],
  ['mttr', 'outage', 'fix', 'time'],
  ['incident_minutes', 'outage', 'minute'],
  ['incident_minutes', 'outage', 'time'],
  ['latency_p95', 'api', 'time'],
  ['latency_p95', 'api', 'reply', 'time'],
  ['overage_amount', 'overage', 'worth'],
  ['approval_time', 'approve', 'time'],
  ['approval_time', 'approve', 'proposal', 'time'],
  ['approval_rate', 'approve', 'rate'],
  ['approval_rate', 'approve', 'proposal', 'rate'],
  ['approvals_given', 'approve', 'proposal'],
  ['minutes_saved', 'save', 'time'],
  ['dso', 'customer', 'pay', 'time'],
  ['ltv', 'customer', 'pay', 'life'],
  ['ltv', 'average', 'customer', 'pay', 'life'],
  ['ltv', 'revenue', 'customer', 'life'],
  ['ltv', 'average', 'revenue', 'customer', 'life'],
  ['trials', 'customer', 'trial'],
  ['collection_rate', 'rate', 'invoice', 'paid'],
  ['collection_rate', 'rate', 'invoice', 'collected'],
  ['recovered_payments', 'payment', 'fail', 'regain'],
  ['active_api_customers', 'customer', 'api', 'calling'],
  ['receivables_overdue', 'customer', 'behind', 'payment'],
  ['receivables_overdue', 'customer', 'behind'],
  ['arpa', 'average', 'mrr', 'customer'],
  ['arpa', 'average', 'revenue', 'customer'],
  ['arpa', 'average', 'customer', 'pay'],
];

const OF_WORD: ReadonlyMap<string, readonly Concept[]> = byWord();

function byWord(): Map<string, Concept[]> {
  const found = new Map<string, Concept[]>();
  for (const [concept, words] of entries())
    for (const word of words.split(' ')) found.set(word, [...(found.get(word) ?? []), concept]);
  return found;
}

function entries(): [Concept, string][] {
  const names = new Set<string>(Object.keys(WORDS));
  const isConcept = (name: string): name is Concept => names.has(name);
  return Object.entries(WORDS).flatMap(([name, words]): [Concept, string][] =>
    isConcept(name) ? [[name, words]] : [],
  );
}

/** What the words of a sentence stand for, each with its places; a word may stand for several. */
export function conceptsIn(words: readonly string[]): ReadonlyMap<Concept, readonly number[]> {
  const found = new Map<Concept, number[]>();
  const add = (concept: Concept, ...places: number[]) =>
    found.set(concept, [...(found.get(concept) ?? []), ...places]);
  for (let at = 0; at < words.length; at += 1) {
    const pair = PAIRS.find(([first, second]) => words[at] === first && words[at + 1] === second);
    if (pair) {
      add(pair[2], at, at + 1);
      at += 1;
      continue;
    }
    for (const concept of OF_WORD.get(words[at] ?? '') ?? []) add(concept, at);
  }
  return found;
}

/** Every word a concept is said by, so that a misspelt one can be told from a name. */
export function conceptWords(): string[] {
  return [...OF_WORD.keys(), ...PAIRS.flat()];
}

/** A metric that a clause joins the concepts of, and which of its words do. */
export interface JoinedHit {
  metric: string;
  /** How many concepts it joins. */
  concepts: number;
  places: readonly number[];
}

/**
 * The one metric that joins the most concepts of a clause; null where none does or two do alike. Each concept needs
 * a word of its own.
 */
export function joinedIn(words: readonly string[]): JoinedHit | null {
  const said = conceptsIn(words);
  const hits = JOINED.flatMap(([metric, ...concepts]): JoinedHit[] => {
    const places = concepts.map((concept) => said.get(concept) ?? []);
    if (places.some((one) => one.length === 0)) return [];
    const all = [...new Set(places.flat())];
    return all.length >= concepts.length && areDistinct(places)
      ? [{ metric, concepts: concepts.length, places: all }]
      : [];
  });
  const most = Math.max(0, ...hits.map(({ concepts }) => concepts));
  const best = hits.filter(({ concepts }) => concepts === most);
  const [only] = best;
  return only && best.every(({ metric }) => metric === only.metric) ? only : null;
}

/** Whether each can have a word that no other needs. */
function areDistinct(
  places: readonly (readonly number[])[],
  taken: ReadonlySet<number> = new Set(),
): boolean {
  const [first, ...rest] = places;
  if (!first) return true;
  return first.some((place) => !taken.has(place) && areDistinct(rest, new Set([...taken, place])));
}
