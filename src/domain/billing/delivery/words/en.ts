import type { DeliveryWords } from './words.ts';

export const en: DeliveryWords = {
  subject: ({ number, seller, amount }) => `Invoice ${number} from ${seller}: ${amount}`,
  greeting: (name) => `Hello ${name},`,
  attached: ({ number, from, to }) => `attached is invoice ${number} for ${from} to ${to}, as a PDF.`,
  due: (on) => `Please pay it by ${on}.`,
  charged: 'It is charged to the payment method on file; you need not do anything.',
  settled: 'Nothing is left to pay.',
  invoice: 'Invoice',
  amount: 'Amount',
  dueOn: 'Due',
  period: 'Period',
  portal: 'View and pay the invoice online',
  questions: (address) =>
    address === null
      ? 'If something is wrong with it, reply to this mail.'
      : `If something is wrong with it, reply to this mail or write to ${address}.`,
  closing: 'Kind regards',
};
