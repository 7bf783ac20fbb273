import { describe, expect, it } from 'vitest';
import { composeBriefing } from '../../src/domain/briefing/compose.ts';
import { strangeFigures } from '../../src/domain/briefing/figures.ts';
import { briefingMail } from '../../src/skills/morning-briefing/mail.ts';
import { morning } from '../domain/briefing/morning.ts';

const briefing = composeBriefing(morning());
const { subject, text, html } = briefingMail(briefing, { simulated: true });
/** What a person reads of it. */
const visible = html
  .replace(/<style>[\s\S]*?<\/style>|<title>[\s\S]*?<\/title>/g, ' ')
  .replace(/<[^>]+>/g, '\n')
  .replaceAll('&lt;', '<')
  .replaceAll('&gt;', '>')
  .replaceAll('&amp;', '&')
  .replaceAll('&nbsp;', ' ')
  .replaceAll('&quot;', '"')
  .replaceAll('&#39;', "'");

describe('the mail', () => {
  it('says in its subject what it is, of which day, and that something waits', () => {
    expect(subject).toBe('Morning briefing · Tue, Nov 24 · 1 waiting for you');
  });
  it('has no figure, in HTML or text, that the data does not have', () => {
    const ours = 'To move or stop it, tell Psi: "move my briefing to 7:30"';
    expect(strangeFigures(text.replace(ours, ''), briefing)).toEqual([]);
    const withoutChart = visible
      .replace(/Nov 10, 2026 – Nov 23, 2026/, '')
      .replace(ours, '')
      .replace(/1 waiting for you/, '');
    expect(strangeFigures(withoutChart, briefing)).toEqual([]);
  });
  it('escapes what came from outside', () => {
    expect(html).toContain('Silvergate &lt;b&gt;Analytics&lt;/b&gt;');
    expect(html).not.toContain('<b>Analytics');
  });
  it('tells the same in both parts, section by section', () => {
    for (const line of [
      ...briefing.summary,
      ...briefing.changes,
      ...briefing.attention,
      ...briefing.opportunities,
    ]) {
      expect(text).toContain(line.text);
      expect(visible).toContain(line.text);
    }
  });
  it('loads nothing from anywhere, needs no style sheet, and has colours for the dark', () => {
    expect(html).not.toMatch(/<img|<link|<script|src=|url\(/);
    expect(html).toContain('prefers-color-scheme: dark');
    expect(html).toMatch(/<td[^>]+style="/);
  });
  it('says that the numbers are simulated, where they are', () => {
    expect(text).toContain('Simulated data.');
    expect(briefingMail(briefing, { simulated: false }).text).not.toContain('Simulated');
  });
});
