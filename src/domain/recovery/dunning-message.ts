import { formatMoney } from '../money/format.ts';
import { dayNameAt } from '../periods/calendar.ts';
import type { Money } from '../types.ts';
import type { DeclineClass } from './classify-decline.ts';
import type { LadderStep, Tone } from './ladder.ts';
import type { RehearsedRestriction } from './restriction.ts';

export interface MessageFacts {
  customerName: string;
  invoices: readonly { number: string; remaining: Money }[];
  decline: Pick<DeclineClass, 'customerWords' | 'askForNewMethod'> | null;
  /** Where the customer pays or changes the card. */
  payUrl: string;
  /** What the rehearsal that was approved says comes next; empty while nothing is decided. */
  restrictions: readonly RehearsedRestriction[];
  /** Who answers: "Priya, billing@psizero.com". */
  contact: string;
}

export interface DunningMessage {
  subject: string;
  /** Paragraphs of plain text; who sends it escapes them for where they go. */
  paragraphs: string[];
  action: { label: string; url: string };
}

const OPENINGS: Readonly<Record<Tone, string>> = {
  kind: 'a payment did not go through. It happens, and it is quickly mended.',
  clear: 'a payment is still open.',
  firm: 'a payment has been open for a while, and we would like to settle it with you.',
  final: 'this is the last message before a person here decides how to go on.',
};

const SUBJECTS: Readonly<Record<Tone, string>> = {
  kind: 'Your payment did not go through',
  clear: 'A payment is still open',
  firm: 'Please settle an open payment',
  final: 'Last reminder of an open payment',
};

/**
 * What a step of the ladder says: what is owed to the cent, why as far as the customer may know, the next thing that
 * happens to the service and its day, and whom to ask. Nothing is announced that was not approved.
 */
export function draftMessage(
  step: Pick<LadderStep, 'tone'>,
  facts: MessageFacts,
  at: { now: number; tz: string },
): DunningMessage {
  const { tone } = step;
  const next = facts.restrictions.find((one) => one.at > at.now);
  const numbers = facts.invoices.map(({ number, remaining }) => `${number}: ${formatMoney(remaining)}`);
  const newMethod = facts.decline?.askForNewMethod === true;
  return {
    subject: SUBJECTS[tone],
    paragraphs: [
      `Hello ${facts.customerName}, ${OPENINGS[tone]}`,
      `Open: ${numbers.join('; ')}.`,
      ...(facts.decline === null ? [] : [facts.decline.customerWords]),
      ...(next === undefined ? [] : [`From ${dayNameAt(next.at, at.tz)}: ${next.effect}`]),
      `If something is wrong or you need more time, write to ${facts.contact}.`,
    ],
    action: { label: newMethod ? 'Update the payment method' : 'Pay now', url: facts.payUrl },
  };
}
