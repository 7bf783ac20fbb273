/** What a person typed, from what Slack sends: entities decoded, links as their words, the mention of Psi removed. */
export function plainText(slackText: string, botUserId: string): string {
  return slackText
    .replaceAll(`<@${botUserId}>`, ' ')
    .replace(/<(?:mailto:|https?:\/\/|tel:)[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<mailto:([^>]*)>/g, '$1')
    .replace(/<(https?:\/\/[^>]*)>/g, '$1')
    .replace(/<#[A-Z0-9]+\|([^>]*)>/g, '#$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();
}

export function mentions(slackText: string, botUserId: string): boolean {
  return slackText.includes(`<@${botUserId}>`);
}
