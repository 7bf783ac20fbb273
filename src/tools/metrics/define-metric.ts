import { z } from 'zod';
import type { Reading, Utterance } from '../../domain/language/utterance.ts';
import { requireMetric } from '../../domain/metrics/ask.ts';
import { findMetric, METRICS } from '../../domain/metrics/index.ts';
import { matchMetric, nearestMetrics } from '../../domain/metrics/match.ts';
import type { Additivity, Metric } from '../../domain/metrics/metric.ts';
import { describeInForce, type MrrSetting } from '../../domain/mrr/setting.ts';
import { receiptSchema } from '../../domain/output-shapes.ts';
import type { SourceName } from '../../domain/types.ts';
import { defineTool } from '../define-tool.ts';
import { ledgerReceipt } from '../receipt.ts';
import { left, sayList } from '../wording.ts';

const definitionSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  words: z.string(),
  /** How the value is put together from its rows. */
  formula: z.string(),
  policy: z.string().nullable(),
  grain: z.string(),
  sources: z.array(z.string()),
  owner: z.string(),
  version: z.int(),
  dimensions: z.array(z.string()),
});

type Definition = z.output<typeof definitionSchema>;

const output = z.strictObject({
  /** One where a metric was named; two or three where the words mean several; all where none was. */
  definitions: z.array(definitionSchema),
  all: z.boolean(),
  receipt: receiptSchema,
});

const FORMULA: Record<Additivity, string> = {
  sum: 'added up over its rows',
  snapshot: 'added up over its rows at one instant; never added up over time',
  ratio: 'numerators and denominators are added up first, then divided once',
  distinct: 'each one counted once, however often it appears',
  percentile: 'taken from the merged distribution; percentiles are never averaged',
};

const SOURCE: Record<SourceName, string> = {
  stripe: 'Stripe',
  supabase: 'Supabase',
  psizero: 'the PsiZero API',
};
const CLEAR = 0.7;
const MOST = 3;

export default defineTool({
  name: 'define_metric',
  description:
    'What a number means here: its definition, formula, policy, sources and who answers for it, or all numbers there are. Use it for "define churn", "how do you calculate MRR", "which metrics do you know". Not for the value of a number.',
  scope: 'metrics:read',
  effect: 'read',
  input: z.strictObject({
    metric: z
      .string()
      .trim()
      .min(1)
      .max(80)
      .optional()
      .describe('As the person said it; left out: all of them'),
  }),
  output,
  examples: [
    { say: 'how do you calculate MRR?', input: { metric: 'mrr' } },
    { say: 'which metrics do you know?', input: {} },
    { say: 'what do you mean by churn?', input: { metric: 'churn' } },
  ],
  recognize,
  async run({ metric }, ctx) {
    const metrics = metric === undefined ? METRICS : meant(metric);
    const receipt = ledgerReceipt(
      { name: 'Definitions', words: 'The metric registry: how each number is computed, and from what' },
      ctx.clock.now(),
      metrics.length,
    );
    return {
      definitions: metrics.map((one) => toDefinition(one, ctx.facts.settings().mrr)),
      all: metric === undefined,
      receipt,
    };
  },
  narrate: ({ definitions, all }) =>
    all ? narrateAll(definitions) : definitions.map(narrateOne).join('\n\n'),
  exhibits: ({ definitions, all }) =>
    all
      ? [
          {
            kind: 'table',
            title: 'Numbers I know',
            columns: left('Number', 'What it is', 'Answers for it'),
            rows: definitions.map(({ title, words, owner }) => [title, words, owner]),
          },
        ]
      : [],
});

/** The metric of that name, or those the words clearly mean. Throws `invalid_input` with the nearest. */
function meant(text: string): readonly Metric[] {
  const exact = findMetric(text.trim().toLowerCase().replaceAll(' ', '_'));
  if (exact) return [exact];
  const clear = matchMetric(text).filter(({ score }) => score >= CLEAR);
  const best = clear.filter(({ score }) => score === clear[0]?.score).slice(0, MOST);
  const found = best.flatMap(({ metric }) => findMetric(metric) ?? []);
  return found.length > 0 ? found : [requireMetric(text, nearestMetrics)];
}

function toDefinition(metric: Metric, rules: MrrSetting): Definition {
  const { name, title, words, grain, owner, version, dimensions } = metric;
  const policy = metric.underMrrPolicy ? describeInForce(rules) : (metric.policy ?? null);
  const sources = metric.sources.map((source) => SOURCE[source]);
  const formula = FORMULA[metric.additivity];
  return { name, title, words, formula, policy, grain, sources, owner, version, dimensions: [...dimensions] };
}

function narrateOne(definition: Definition): string {
  const { title, words, formula, policy, grain, sources, owner, version, dimensions } = definition;
  const from = sources.length > 0 ? ` It is computed from ${sayList(sources)}.` : '';
  const by = dimensions.length > 0 ? ` It can be broken down by ${sayList(dimensions)}.` : '';
  const rule = policy === null ? '' : ` Policy: ${policy}.`;
  return `*${title}*: ${words} How: ${formula}; one row is ${grain}.${rule}${from}${by} Definition version ${version}; ${owner} answers for it.`;
}

function narrateAll(definitions: readonly Definition[]): string {
  const titles = definitions.map(({ title }) => title).join('; ');
  return `I know ${definitions.length} numbers: ${titles}. Ask "how do you calculate" with any of them for its definition.`;
}

const ALL =
  /\b(?:which|what) (?:metrics|kpis|numbers|measures|figures)\b.{0,12}\b(?:can|could|may|do|should) (?:i|we|you)\b|\b(?:which|what|list|show|all)\b.{0,20}\b(?:metrics|kpis|numbers|measures|figures)\b.{0,12}\b(?:do you|you|can you|are there|exist|available)\b|^(?:list|show)(?: me)?(?: all)?(?: the| your)? (?:metrics|kpis|measures)$|\b(?:what|which) (?:metrics|kpis|numbers|measures|figures) (?:do|does|can|could) (?:you|psi|we)\b|\bwhat (?:can|do) you measure\b|\bmetric (?:list|registry|catalogue|catalog|glossary)\b|^(?:metrics|kpis|glossary)$/;
const DEFINING = [
  /\b(?:define|definition of|defines?|meaning of|formula (?:for|of|behind)|what counts as|what is meant by|whats meant by|what goes into)\s+(?:a |an |the |our |your )?(.+)$/,
  /\bwhat (?:do|does|did) (?:you|we|psi) (?:mean|understand|count)(?: by| as| with| under)?\s+(.+)$/,
  /\bwhat (?:do|does|did) (.+?) (?:mean|stand for|include|measure|count)\b/,
  /\bhow (?:do|does|did|would|is|are) (?:you|we|psi|it)? ?(?:calculat|comput|defin|count|measur|work out|deriv)\w*\s+(.+)$/,
  /\bhow (?:is|are|was|were) (.+?) (?:calculated?|computed?|defined?|measured?|counted?|derived?|worked out)\b/,
  /^(?:please )?explain (?:to me )?(?:what )?(?:a |an |the |our )?([a-z0-9 ]{2,30}?)(?: is| are| means?| metric)?$/,
  /\b(?:whats|what is) (?:the |your |our )?(?:definition|formula|calculation|meaning) (?:of|for|behind)\s+(.+)$/,
  /\bwhat counts (?:as|towards?|into|for)\s+(?:a |an |the |our )?(.+)$/,
  /\b(?:whats|what is|what are|what things are|is|are)\s+(?:included|counted|contained|part|inside)\s+(?:in|into|of|as)\s+(.+)$/,
  /\b(?:when|which|who)\b.{0,30}?\b(?:is|are|does|do|gets?)\b(.{0,30}?\b(?:counted|count|considered|regarded|treated|classed|classified|qualifies|qualify)\b.*)$/,
  /^(?:and |so |but |hey |psi )*(?:does|do|did)\s+(?:our |the |your |we )?(.+?)\s+(?:include|contain|count|cover|exclude|take into account)\b/,
  /^(.+?)\s+(?:whats the difference|what is the difference|how do(?:es)? (?:you|we|psi) (?:calculate|compute|define|measure|count) (?:it|that|this|them))$/,
  /\bis (?:a|an) (.+?) counted as \w+$/,
  /\b(?:is|are|do|does) .{2,30}? (?:included|counted|contained|part|count) (?:in|into|of|as|towards?) (.+)$/,
  /^(?:the |our )?(.+?)\s+(?:definition|formula|defined|meaning|methodology|calculation)$/,
  /\b(?:difference|distinction) between\s+(.+)$/,
  /\bhow (?:does|is|do) (.+?) (?:differ|different|work)\b/,
  /\bwho (?:owns|is responsible for|answers for|maintains|looks after)\s+(.+?)(?: metric| number| kpi| figure| definition)$/,
  /\b(?:owner|source) of (?:the )?(.+?)(?: metric| number| kpi| figure| definition)$/,
  /\bwhere does (?:the |our |your )?(.+?) (?:number |figure |numbers )?come from\b/,
  /\bhow (?:do|should|can|to)(?: (?:you|we|i|one|people|psi))? (?:calculate|compute|read|interpret|understand|define|count|measure|get to|arrive at|come up with|work out|figure out)\s+(.+)$/,
  /\b(?:explain|tell me|show me|know)\b.{0,12}\bhow (?:you|we|psi) (?:calculate|compute|define|count|measure|get to|arrive at|come up with|work out)\s+(.+)$/,
  /\b(?:dont|do not|not sure (?:i )?)(?: (?:know|understand|get|understood|remember))? what (.+?) (?:is|are|means?)$/,
  /\b(?:explain|tell me|know|show me|remind me|clarify)(?: to me| me)?\s+(?:what|how)\s+(?:exactly )?(?!you\b|we\b|psi\b)(.+?)\s+(?:is|are|means?|works?|gets?)(?: (?:calculated|computed|defined|measured|counted|derived|worked out))?$/,
  /\bwhat (?:exactly|precisely|actually|even|the hell) (?:is|are)\s+(?:a |an |the |our )?(.+?)$/,
  /\b(?:whats|what is|what are) (?:a |an )((?:\S+ ){0,3}\S+)$/,
  /\b(?:whats|what is|what are) (.+?) (?:exactly|precisely|again|supposed to (?:be|mean)|anyway)$/,
  /\b(?:meaning|definitions?|formulas?|methodology|calculation|interpretation) (?:of|for|behind)\s+(.+)$/,
];
const IT = /^(?:that|this|it|these|those|that number|this number|that figure)$/;

function recognize(utterance: Utterance): Reading[] {
  const phrase = utterance.words.join(' ');
  if (ALL.test(phrase)) return [{ input: {}, confidence: 1, interpretation: 'All numbers I know' }];
  if (utterance.customers.length > 0 || utterance.periods.length > 0) return [];
  const said = DEFINING.flatMap((pattern) => pattern.exec(phrase)?.[1]?.replace(TAIL, '').trim() ?? []);
  const found = said.find((words) => matchMetric(withOne(words)).length > 0) ?? said[0];
  if (found === undefined || found === '') return [];
  const before = utterance.previous[0]?.input;
  const last =
    before !== null &&
    typeof before === 'object' &&
    !Array.isArray(before) &&
    typeof before.metric === 'string'
      ? before.metric
      : null;
  const asked = IT.test(found) ? last : found;
  if (asked === null) return [];
  const [match] = matchMetric(withOne(asked));
  if (WORTH.test(asked)) return [];
  // A question for a value may begin alike: without the name of a number it asks what something is.
  if (match === undefined && !SURELY.test(phrase) && !IT.test(found)) return [];
  const metric = IT.test(found) ? asked : (match?.metric ?? asked.slice(0, 80));
  const sure = match !== undefined || IT.test(found);
  // Many things are explained; a definition is asked for by name.
  const guess = /\bexplain\b/.test(phrase) || asked.split(' ').length > 3 ? 0.4 : 0.7;
  const title = findMetric(metric)?.title ?? metric;
  const several = matchMetric(withOne(asked)).filter(({ score }) => score === match?.score).length > 1;
  return [
    {
      input: { metric: several ? asked.slice(0, 80) : metric },
      confidence: sure ? 1 : guess,
      ...(several ? { whole: true as const } : {}),
      interpretation: `Definition of ${title}`,
    },
  ];
}

/** One of what is counted: "an active customer" is of the active customers. */
function withOne(words: string): string {
  const plural = words.replace(
    /\b(customer|signup|trial|ticket|incident|refund|payment|call|proposal|account|outage)\b/g,
    '$1s',
  );
  return matchMetric(plural).some(({ score }) => score > (matchMetric(words)[0]?.score ?? 0))
    ? plural
    : words;
}

/** What somebody is worth or pays is a value, not a definition. */
const WORTH = /\b(?:worth|pays?|paying|cost|costs|earns?)\b/;

/** These ask for nothing but a definition. */
const SURELY = /\b(?:defin\w*|formula|mean(?:ing)?|counts? as|calculat\w*|comput\w*|stand for)\b/;

/** Words after the name that are not of it. */
const TAIL = /\s+(?:here|exactly|please|at psizero|in psi|for us|again|by the way)$/;
