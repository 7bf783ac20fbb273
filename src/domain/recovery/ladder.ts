import { z } from 'zod';
import { SERVICE_LEVELS, type ServiceLevel } from '../billing/gateways.ts';
import type { RecoverySegment } from './segments.ts';

export const CHANNELS = ['email', 'in_app', 'slack_task', 'sms_task', 'phone_task'] as const;
export type Channel = (typeof CHANNELS)[number];

/** From kind to final; a ladder never goes back. */
export const TONES = ['kind', 'clear', 'firm', 'final'] as const;
export type Tone = (typeof TONES)[number];

/** What is taken away, little by little. `warned` takes nothing: it is shown inside the product. */
export const RESTRICTIONS = SERVICE_LEVELS.filter((level) => level !== 'full');
export type Restriction = Exclude<ServiceLevel, 'full'>;

const Days = z.number().int().nonnegative();

export const LadderStep = z.strictObject({
  id: z.string().min(1),
  /** Since the payment failed, without the days on which everything was held. */
  afterDays: Days,
  channel: z.enum(CHANNELS),
  tone: z.enum(TONES),
});

/** One way to ask for money, as data: who is told when, how, and what happens to the service. */
export const Ladder = z
  .strictObject({
    id: z.string().min(1),
    steps: z.array(LadderStep).min(1),
    /** No restriction begins before. */
    graceDays: Days,
    restrictions: z.array(z.strictObject({ level: z.enum(RESTRICTIONS), afterDays: Days })),
    /** Between the rehearsal that people see and the first restriction. */
    noticeDays: Days,
    /** Between any two things that the customer notices. */
    gapHours: z.number().int().positive(),
    /** Whether time at these levels is given back: always, once they have paid, or never. */
    creditBlocked: z.enum(['always', 'if_paid', 'never']),
    creditedLevels: z.array(z.enum(RESTRICTIONS)),
    /** When a person decides what becomes of the subscription. */
    endDays: Days,
  })
  .superRefine((ladder, context) => {
    const refuse = (message: string) => context.addIssue({ code: 'custom', message });
    const rising = (values: readonly number[]) =>
      values.every((value, index) => value >= (values[index - 1] ?? 0));
    if (!rising(ladder.steps.map(({ afterDays }) => afterDays)))
      refuse('steps must be in the order of their days');
    if (!rising(ladder.steps.map(({ tone }) => TONES.indexOf(tone))))
      refuse('the tone must not become milder');
    if (new Set(ladder.steps.map(({ id }) => id)).size < ladder.steps.length) refuse('two steps have one id');
    const levels = ladder.restrictions.map(({ level }) => RESTRICTIONS.indexOf(level));
    if (!rising(levels) || new Set(levels).size < levels.length) refuse('each restriction must go further');
    if (!rising(ladder.restrictions.map(({ afterDays }) => afterDays)))
      refuse('restrictions must be in the order of their days');
    if (ladder.restrictions.some(({ afterDays }) => afterDays < ladder.graceDays))
      refuse('no restriction may begin within the grace period');
    if (ladder.restrictions.some(({ afterDays }) => afterDays > ladder.endDays))
      refuse('a restriction lies after the end');
  });

export type LadderStep = z.infer<typeof LadderStep>;
export type Ladder = z.infer<typeof Ladder>;

type Row = readonly [afterDays: number, channel: Channel, tone: Tone];

interface Variant {
  steps: readonly Row[];
  graceDays: number;
  restrictions: readonly (readonly [Restriction, number])[];
  endDays: number;
}

function ladder(id: string, { steps, graceDays, restrictions, endDays }: Variant): Ladder {
  return Ladder.parse({
    id,
    steps: steps.map(([afterDays, channel, tone]) => ({
      id: `${channel}-${afterDays}`,
      afterDays,
      channel,
      tone,
    })),
    graceDays,
    restrictions: restrictions.map(([level, afterDays]) => ({ level, afterDays })),
    noticeDays: 3,
    gapHours: 20,
    creditBlocked: 'if_paid',
    creditedLevels: ['read_only', 'suspended'],
    endDays,
  });
}

/** The variants each segment gets unless a company writes its own. */
export const DEFAULT_LADDERS: Readonly<Record<RecoverySegment, Ladder>> = {
  // Somebody who knows them calls first, and nothing is taken away without a conversation.
  enterprise: ladder('enterprise', {
    steps: [
      [0, 'slack_task', 'kind'],
      [3, 'email', 'kind'],
      [7, 'phone_task', 'clear'],
      [14, 'email', 'clear'],
      [21, 'slack_task', 'firm'],
      [30, 'email', 'firm'],
      [40, 'phone_task', 'final'],
    ],
    graceDays: 30,
    restrictions: [
      ['warned', 30],
      ['read_only', 45],
      ['suspended', 60],
    ],
    endDays: 75,
  }),
  high_value: ladder('high_value', {
    steps: [
      [0, 'email', 'kind'],
      [1, 'slack_task', 'kind'],
      [4, 'in_app', 'clear'],
      [7, 'phone_task', 'clear'],
      [10, 'email', 'firm'],
      [17, 'sms_task', 'firm'],
      [21, 'email', 'final'],
    ],
    graceDays: 14,
    restrictions: [
      ['warned', 14],
      ['throttled', 21],
      ['read_only', 28],
      ['suspended', 35],
    ],
    endDays: 45,
  }),
  // Years of paying on time are answered with more time.
  long_term: ladder('long_term', {
    steps: [
      [0, 'email', 'kind'],
      [5, 'in_app', 'kind'],
      [10, 'email', 'clear'],
      [16, 'slack_task', 'clear'],
      [21, 'email', 'firm'],
      [28, 'email', 'final'],
    ],
    graceDays: 21,
    restrictions: [
      ['warned', 21],
      ['throttled', 28],
      ['read_only', 35],
      ['suspended', 42],
    ],
    endDays: 50,
  }),
  new: ladder('new', {
    steps: [
      [0, 'email', 'kind'],
      [0, 'in_app', 'kind'],
      [3, 'email', 'clear'],
      [6, 'email', 'firm'],
      [9, 'email', 'final'],
    ],
    graceDays: 7,
    restrictions: [
      ['warned', 7],
      ['throttled', 10],
      ['suspended', 14],
    ],
    endDays: 21,
  }),
  standard: ladder('standard', {
    steps: [
      [0, 'email', 'kind'],
      [3, 'in_app', 'clear'],
      [5, 'email', 'clear'],
      [10, 'email', 'firm'],
      [14, 'sms_task', 'firm'],
      [17, 'email', 'final'],
    ],
    graceDays: 10,
    restrictions: [
      ['warned', 10],
      ['throttled', 14],
      ['read_only', 18],
      ['suspended', 24],
    ],
    endDays: 30,
  }),
};
