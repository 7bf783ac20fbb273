import { z } from 'zod';
import { isTimeZone } from '../../periods/calendar.ts';
import { LANGUAGES } from '../document/invoice-document.ts';

export const DELIVERY_CHANNELS = ['email', 'api', 'slack'] as const;
export type DeliveryChannel = (typeof DELIVERY_CHANNELS)[number];

const TimeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'a time like 09:30');

/** What one customer wants, by customer id. What is left out is taken from their record. */
const CustomerDelivery = z
  .strictObject({
    channel: z.enum(DELIVERY_CHANNELS).default('email'),
    email: z.email().nullable().default(null),
    name: z.string().trim().min(1).max(200).nullable().default(null),
    /** Of their own day; a business day all the same. */
    at: TimeOfDay.nullable().default(null),
    tz: z.string().refine(isTimeZone, 'a time zone like Europe/Berlin').nullable().default(null),
    language: z.enum(LANGUAGES).nullable().default(null),
    /** Their channel by name, shared with them alone. */
    slack_channel: z
      .string()
      .regex(/^[^\s#@]+$/, 'the name of a channel without #')
      .nullable()
      .default(null),
    /** False: they asked not to be reminded. */
    reminders: z.boolean().default(true),
  })
  .refine(({ channel, slack_channel }) => channel !== 'slack' || slack_channel !== null, {
    path: ['slack_channel'],
    message: 'delivery in Slack needs the name of the channel',
  });

/** The `delivery:` part of billing.yml. */
export const DeliverySettings = z.strictObject({
  /** For everybody who has not chosen; null: as soon as it is a business hour where they are. */
  at: TimeOfDay.nullable().default(null),
  customers: z.record(z.string(), CustomerDelivery).default({}),
});
export type DeliverySettings = z.output<typeof DeliverySettings>;
