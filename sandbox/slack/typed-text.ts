import { BOT } from './workspace.ts';

const KEPT_TOKEN = /<(?:@[UWB]\w+|#C\w+(?:\|[^<>]*)?|!(?:here|channel|everyone))>/;
const URL_PATTERN = /https?:\/\/[^\s<>"']*[^\s<>"'.,:;!?)\]]/;
const EMAIL_PATTERN = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/;
const MENTION_PATTERN = /@psi\b/i;
const SPECIAL = new RegExp(
  [KEPT_TOKEN, URL_PATTERN, EMAIL_PATTERN, MENTION_PATTERN].map((each) => `(${each.source})`).join('|'),
  'gi',
);

/**
 * What Slack makes of text that a person types: `& < >` escaped, addresses turned into links,
 * `@Psi` into a mention. Tokens such as `<@U123>` are left as they are.
 */
export function typedText(text: string): string {
  let result = '';
  let from = 0;
  for (const match of text.matchAll(SPECIAL)) {
    result += escaped(text.slice(from, match.index));
    const [whole, kept, url, email, mention] = match;
    if (kept !== undefined) result += kept;
    else if (url !== undefined) result += `<${escaped(url)}>`;
    else if (email !== undefined) result += `<mailto:${email}|${email}>`;
    else if (mention !== undefined) result += `<@${BOT.userId}>`;
    from = match.index + whole.length;
  }
  return result + escaped(text.slice(from));
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
