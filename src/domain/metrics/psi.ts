import { medianOf } from './median.ts';
import { type Contribution, type Measured, type Metric, NOBODY, ratioOf, sumAmounts } from './metric.ts';
import type { ProposalFact, TurnFact } from './psi-facts.ts';

/**
 * Minutes of a person's work that one thing done by Psi stands for. Assumptions, not measurements: opening the right
 * dashboard, narrowing it and copying the figure; opening the customer's record in two systems and making the change;
 * looking up and writing down the morning's numbers.
 */
export const MINUTES_SAVED = { answer: 4, action: 8, briefing: 15 } as const;

const share = (amount: number, base = 0): Contribution => ({ ...NOBODY, amount, base });

function measured(contributions: Contribution[], notes: string[] = []): Measured {
  return { contributions, rows: contributions.length, notes };
}

const isAnswer = ({ outcome }: TurnFact) => outcome === 'answered' || outcome === 'proposed';
const isQuestion = ({ outcome }: TurnFact) => outcome !== 'told';

/** Its own store is never behind, so these need no source. */
const PSI = {
  version: 1,
  kind: 'flow',
  owner: 'operations',
  sources: [],
  dimensions: [],
  narrows: false,
} as const;

export const questionsAnswered: Metric = {
  ...PSI,
  name: 'questions_answered',
  additivity: 'sum',
  title: 'Answered questions',
  words:
    'Questions people asked Psi in the period that it answered from data or with a proposal; small talk, help, refusals, questions asked back and faults do not count.',
  unit: 'count',
  grain: 'one question',
  synonyms: [
    'questions answered',
    'answered questions',
    'questions did you answer',
    'questions have you answered',
    'questions did psi answer',
    'questions has psi answered',
    'questions you answered',
    'how many questions',
    'questions answered by psi',
    'answers given',
    'number of answers',
    'how many answers',
    'how many questions did you answer',
    'how much were you used',
    'psi usage',
    'usage of psi',
    'questions asked',
    'number of questions',
    'how many questions were asked',
    'how many questions did we ask',
  ],
  measure: async (facts, { period }) =>
    measured((await facts.turnsIn(period)).filter(isAnswer).map(() => share(1))),
  total: sumAmounts,
};

export const automationRate: Metric = {
  ...PSI,
  name: 'automation_rate',
  additivity: 'ratio',
  title: 'Automation rate',
  words:
    'Of the questions people asked Psi in the period, the share it answered at once from data or with a proposal and that nobody marked as unhelpful; the others it asked back, failed at or got wrong. Small talk and help count in neither.',
  unit: 'ratio',
  grain: 'one question',
  synonyms: [
    'automation rate',
    'automation',
    'share automated',
    'share answered without help',
    'how automated are we',
    'psi success rate',
    'automated share',
    'share of questions answered automatically',
    'self service rate',
    'automation percentage',
    'share handled without help',
    'percent automated',
    'automatic answer rate',
    'automated rate',
    'psi automation',
    'how much is automated',
    'share you answer alone',
  ],
  measure: async (facts, { period }) => {
    const asked = (await facts.turnsIn(period)).filter(isQuestion);
    return measured(asked.map((turn) => share(isAnswer(turn) && !turn.unhelpful ? 1 : 0, 1)));
  },
  total: ratioOf,
};

const PROPOSAL = { ...PSI, grain: 'one proposal' } as const;

export const proposalsMade: Metric = {
  ...PROPOSAL,
  name: 'proposals_made',
  additivity: 'sum',
  title: 'New proposals',
  words: 'Actions Psi proposed in the period; one that was edited and asked anew counts once.',
  unit: 'count',
  synonyms: [
    'proposals made',
    'proposals did you make',
    'proposals did psi make',
    'number of proposals',
    'how many proposals',
    'actions proposed',
    'proposed actions',
    'suggested actions',
    'actions suggested',
    'new proposals',
    'proposed changes',
    'proposals were made',
    'proposal count',
    'proposals created',
    'proposals raised',
    'proposals',
    'how many actions did you propose',
  ],
  measure: async (facts, { period }) =>
    measured((await facts.proposalsIn('made', period)).map(() => share(1))),
  total: sumAmounts,
};

export const approvalsGiven: Metric = {
  ...PROPOSAL,
  name: 'approvals_given',
  additivity: 'sum',
  title: 'Approved proposals',
  words: 'Proposals that people approved in the period, whatever came of them.',
  unit: 'count',
  synonyms: [
    'approvals given',
    'approved proposals',
    'proposals approved',
    'proposals were approved',
    'how many proposals were approved',
    'actions approved',
    'number of approvals',
    'how many approvals were given',
    'approvals did we give',
    'proposals got approved',
    'how many proposals got approved',
    'actions were approved',
    'how many approvals',
    'approval count',
    'number of approved proposals',
    'approvals granted',
    'granted approvals',
  ],
  measure: async (facts, { period }) =>
    measured(
      (await facts.proposalsIn('decided', period)).filter(({ approved }) => approved).map(() => share(1)),
    ),
  total: sumAmounts,
};

export const approvalRate: Metric = {
  ...PROPOSAL,
  name: 'approval_rate',
  additivity: 'ratio',
  title: 'Approval rate',
  words:
    'Of the proposals people decided in the period, the share they approved; what expired or was replaced was not decided.',
  unit: 'ratio',
  synonyms: [
    'approval rate',
    'rate of approval',
    'share approved',
    'approval percentage',
    'approved share',
    'share of proposals approved',
    'percent of proposals approved',
    'percent approved',
    'acceptance rate',
    'proposal acceptance',
    'proposal approval rate',
    'how often do we approve',
    'approved percentage',
    'proposal acceptance rate',
  ],
  measure: async (facts, { period }) =>
    measured((await facts.proposalsIn('decided', period)).map(({ approved }) => share(approved ? 1 : 0, 1))),
  total: ratioOf,
};

const waited = ({ createdAt, decidedAt }: ProposalFact) =>
  decidedAt === null ? [] : [share(decidedAt - createdAt)];

export const approvalTime: Metric = {
  ...PROPOSAL,
  name: 'approval_time',
  additivity: 'percentile',
  title: 'Approval time, median',
  words: 'The median time from proposal to decision, of the proposals people decided in the period.',
  unit: 'ms',
  synonyms: [
    'approval time',
    'time to approve',
    'time to approval',
    'time to decision',
    'how long do approvals take',
    'how long does an approval take',
    'how fast do we approve',
    'how quickly do we approve',
    'how quickly do we decide',
    'how long do we take to approve',
    'approval speed',
    'decision time',
    'time until approval',
    'how long until proposals are approved',
    'median approval time',
    'time to decide',
    'how fast are proposals approved',
    'how slow are approvals',
    'approval delay',
    'approval turnaround',
    'approval wait',
  ],
  measure: async (facts, { period }) =>
    measured((await facts.proposalsIn('decided', period)).flatMap(waited)),
  total: (rows) => medianOf(rows.map(({ amount }) => amount)),
};

export const minutesSaved: Metric = {
  ...PSI,
  name: 'minutes_saved',
  additivity: 'sum',
  title: 'Time saved',
  words: `Minutes of people's work that Psi stood in for in the period: ${MINUTES_SAVED.answer} for a question answered, ${MINUTES_SAVED.action} for a proposal carried out, ${MINUTES_SAVED.briefing} for a briefing delivered. The minutes are assumptions.`,
  unit: 'minutes',
  grain: 'one thing done',
  synonyms: [
    'minutes saved',
    'time saved',
    'hours saved',
    'time did you save',
    'time have you saved',
    'time did psi save',
    'time psi saved',
    'minutes did you save',
    'hours did you save',
    'time you saved',
    'hours you saved',
    'time saved by psi',
    'work saved',
    'effort saved',
    'manual work saved',
    'how much time do you save',
    'how much time did you save',
    'how much time have you saved us',
    'minutes you saved',
    'saved time',
    'saved hours',
    'hours did psi save',
  ],
  measure: async (facts, { period }) => {
    const turns = await facts.turnsIn(period);
    const answered = turns.filter((turn) => turn.outcome === 'answered' && !turn.unhelpful).length;
    const done = (await facts.proposalsIn('settled', period)).filter(({ applied }) => applied).length;
    const briefings = await facts.briefingsIn(period);
    const parts = [
      { minutes: MINUTES_SAVED.answer, count: answered },
      { minutes: MINUTES_SAVED.action, count: done },
      { minutes: MINUTES_SAVED.briefing, count: briefings },
    ];
    const note = `Estimated: ${answered} answers x ${MINUTES_SAVED.answer} min, ${done} actions x ${MINUTES_SAVED.action} min, ${briefings} briefings x ${MINUTES_SAVED.briefing} min.`;
    const contributions = parts.map(({ minutes, count }) => share(minutes * count));
    return { contributions, rows: answered + done + briefings, notes: [note] };
  },
  total: sumAmounts,
};

export const PSI_METRICS: readonly Metric[] = [
  questionsAnswered,
  automationRate,
  proposalsMade,
  approvalsGiven,
  approvalRate,
  approvalTime,
  minutesSaved,
];
