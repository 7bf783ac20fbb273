import type { KnownBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import { BRIEFING_CHANNELS, type BriefingSettings } from '../../domain/people/settings.ts';
import { modal } from './receipt.ts';

export const BRIEFING_VIEW = 'briefing.settings.submit';

/** Zones to choose from; the reader's own and the one in use come first. */
const ZONES = [
  'America/Los_Angeles',
  'America/Denver',
  'America/Chicago',
  'America/New_York',
  'America/Sao_Paulo',
  'Europe/London',
  'Europe/Berlin',
  'Europe/Athens',
  'Africa/Johannesburg',
  'Asia/Dubai',
  'Asia/Kolkata',
  'Asia/Singapore',
  'Asia/Tokyo',
  'Australia/Sydney',
  'Pacific/Auckland',
  'UTC',
];
const CHANNEL_NAMES = { slack: 'Slack message', email: 'Email' } as const;

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const option = (value: string, text: string) => ({ value, text: plain(text) });

/** Time, zone, channels, on or off: filled with what holds now. */
export function briefingModal(settings: BriefingSettings, readerTz: string): ModalView {
  const zones = [...new Set([settings.tz, readerTz, ...ZONES])].map((tz) =>
    option(tz, tz.replaceAll('_', ' ')),
  );
  const channels = BRIEFING_CHANNELS.map((channel) => option(channel, CHANNEL_NAMES[channel]));
  const chosen = channels.filter(({ value }) => settings.channels.some((channel) => channel === value));
  const onOff = [option('on', 'Every morning'), option('off', 'Not at all')];
  const inputs: KnownBlock[] = [
    {
      type: 'input',
      block_id: 'on',
      label: plain('Your briefing'),
      element: {
        type: 'radio_buttons',
        action_id: 'on',
        options: onOff,
        initial_option: option(settings.on ? 'on' : 'off', settings.on ? 'Every morning' : 'Not at all'),
      },
    },
    {
      type: 'input',
      block_id: 'time',
      label: plain('Time'),
      element: { type: 'timepicker', action_id: 'time', initial_time: settings.time },
    },
    {
      type: 'input',
      block_id: 'tz',
      label: plain('Time zone'),
      element: {
        type: 'static_select',
        action_id: 'tz',
        options: zones,
        initial_option: option(settings.tz, settings.tz.replaceAll('_', ' ')),
      },
    },
    {
      type: 'input',
      block_id: 'channels',
      label: plain('How it comes'),
      element: {
        type: 'checkboxes',
        action_id: 'channels',
        options: channels,
        ...(chosen.length > 0 ? { initial_options: chosen } : {}),
      },
    },
  ];
  return modal('Your briefing', inputs, { callback_id: BRIEFING_VIEW, submit: plain('Save') });
}

const picked = z.looseObject({ value: z.string() });
const formSchema = z.looseObject({
  on: z.looseObject({ on: z.looseObject({ selected_option: picked }) }),
  time: z.looseObject({ time: z.looseObject({ selected_time: z.string() }) }),
  tz: z.looseObject({ tz: z.looseObject({ selected_option: picked }) }),
  channels: z.looseObject({ channels: z.looseObject({ selected_options: z.array(picked).default([]) }) }),
});

/** What the form holds; null when it is not this form. */
export function settingsFromForm(values: unknown): BriefingSettings | null {
  const parsed = formSchema.safeParse(values);
  if (!parsed.success) return null;
  const { on, time, tz, channels } = parsed.data;
  const ticked = channels.channels.selected_options.map(({ value }) => value);
  return {
    on: on.on.selected_option.value === 'on',
    time: time.time.selected_time,
    tz: tz.tz.selected_option.value,
    channels: BRIEFING_CHANNELS.filter((channel) => ticked.includes(channel)),
  };
}
