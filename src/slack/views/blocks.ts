import type { KnownBlock } from '@slack/types';

/** Slack's native chart block; not in @slack/types 3.2. Limits: 6 series, 20 points, labels of 20 characters. */
export interface DataVisualizationBlock {
  type: 'data_visualization';
  block_id?: string;
  title: string;
  chart:
    | { type: 'pie'; segments: { label: string; value: number }[] }
    | {
        type: 'line' | 'bar' | 'area';
        series: { name: string; data: { label: string; value: number }[] }[];
        axis_config?: { categories?: string[]; x_label?: string; y_label?: string };
      };
}

export type MessageBlock = KnownBlock | DataVisualizationBlock;

/** What the clients take. The one cast of the views: Slack's types do not know the chart block yet. */
export function asSent(blocks: readonly unknown[]): KnownBlock[] {
  return blocks as KnownBlock[];
}

/** Slack's limits, in characters. */
export const LIMITS = { section: 3000, header: 150, button: 75, markdown: 12_000, modalTitle: 24 } as const;

/** Cuts at the limit and says so with an ellipsis. */
export function clip(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

/** Characters that hide or reorder what people read: shown as their code point instead. */
const DECEPTIVE =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: the class lists code points on purpose
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]|[\u{e0000}-\u{e007f}]/gu;

/** Text from a record, made visible: what cannot be seen is written as its code point. */
export function visible(text: string): string {
  return text.replace(
    DECEPTIVE,
    (char) => `[U+${char.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}]`,
  );
}

/** Text from a record inside mrkdwn: no mention, link or formatting can come of it. */
export function mrkdwn(text: string): string {
  return visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('`', '\u200a`')
    .replace(/(^|[^\p{L}\p{N}])([*_~])(?=\S)/gu, '$1\u200a$2')
    .replace(/@(here|channel|everyone)/gi, '@\u200a$1');
}

const SOURCE_NAMES: Record<string, string> = {
  stripe: 'Stripe',
  supabase: 'Supabase',
  psizero: 'PsiZero API',
};

/** A source as people call it. */
export function sourceName(source: string): string {
  return SOURCE_NAMES[source] ?? mrkdwn(source);
}

export function section(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: clip(text, LIMITS.section) } };
}

/** A line with a button at its end. */
export function withButton(text: string, accessory: ReturnType<typeof button>): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text: clip(text, LIMITS.section) }, accessory };
}

export function context(text: string): KnownBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text: clip(text, LIMITS.section) }] };
}

export function header(text: string): KnownBlock {
  return { type: 'header', text: { type: 'plain_text', text: clip(visible(text), LIMITS.header) } };
}

export function button(options: {
  actionId: string;
  text: string;
  value: string;
  style?: 'primary' | 'danger';
}) {
  return {
    type: 'button' as const,
    action_id: options.actionId,
    text: { type: 'plain_text' as const, text: clip(visible(options.text), LIMITS.button) },
    value: options.value,
    ...(options.style ? { style: options.style } : {}),
  };
}

/** An instant as each reader's Slack shows it in their own zone, with a fallback in UTC. */
export function slackDate(at: number): string {
  const fallback = `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `<!date^${Math.floor(at / 1000)}^{date_short_pretty} at {time}|${fallback}>`;
}
