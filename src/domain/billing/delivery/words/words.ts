/** What the mail that brings an invoice says, one object a language. `amount` and days come written as the language does. */
export interface DeliveryWords {
  subject: (said: { number: string; seller: string; amount: string }) => string;
  greeting: (name: string) => string;
  attached: (said: { number: string; from: string; to: string }) => string;
  due: (on: string) => string;
  charged: string;
  settled: string;
  invoice: string;
  amount: string;
  dueOn: string;
  period: string;
  /** The link's text. */
  portal: string;
  questions: (address: string | null) => string;
  closing: string;
}
