import {
  briefingText,
  changesTitle,
  comparisonWords,
  EMPTY,
  scopeLine,
  titleOf,
} from '../../domain/briefing/as-text.ts';
import type { Briefing, BriefingChart, BriefingMetric } from '../../domain/briefing/briefing.ts';

/** The mail: text for whoever reads text, and HTML of tables with inline styles, as mail programs want it. */
export function briefingMail(
  briefing: Briefing,
  notes: { simulated: boolean },
): { subject: string; text: string; html: string } {
  const [first] = briefing.summary;
  const waiting = briefing.attention.filter(({ approvalId }) => approvalId !== null).length;
  const subject = `${titleOf(briefing)}${waiting > 0 ? ` · ${waiting} waiting for you` : ''}`;
  const footer = notes.simulated ? `Simulated data. ${FOOTER}` : FOOTER;
  const html = page(briefing, { preview: first?.text ?? '', footer });
  return { subject, text: `${briefingText(briefing)}\n\n${footer}\n`, html };
}

const FOOTER =
  'Sent to you alone. To decide or to ask, open Slack. To move or stop it, tell Psi: "move my briefing to 7:30", "stop my briefing".';
const FONT = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Helvetica,Arial,sans-serif";
const INK = '#1d2433';
const SOFT = '#5b6577';
const LINE = '#e3e7ee';

function page(briefing: Briefing, { preview, footer }: { preview: string; footer: string }): string {
  const list = (items: readonly { text: string }[], empty: string) =>
    items.length === 0
      ? paragraph(empty, SOFT)
      : `<table role="presentation" width="100%" cellpadding="0" cellspacing="0">${items.map(({ text }) => bullet(text)).join('')}</table>`;
  const cautions = briefing.cautions
    .map(
      (text) =>
        `<tr><td class="caution" style="padding:10px 14px;background:#fff6e0;border-left:4px solid #d99000;${FONT};font-size:14px;line-height:20px;color:#4a3500">${escapeHtml(text)}</td></tr><tr><td style="height:8px"></td></tr>`,
    )
    .join('');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(titleOf(briefing))}</title>
<style>
@media (prefers-color-scheme: dark) {
  .page { background: #12151b !important; }
  .card { background: #1b2029 !important; }
  .ink { color: #eef1f6 !important; }
  .soft { color: #a9b3c4 !important; }
  .rule { border-color: #303846 !important; }
  .caution { background: #33290f !important; color: #ffe1a1 !important; }
  .bar { background: #7aa2ff !important; }
}
@media (max-width: 480px) { .card { padding: 20px 16px !important; } .wide { display: block !important; width: auto !important; text-align: left !important; } }
</style></head>
<body class="page" style="margin:0;padding:0;background:#f3f5f9">
<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(preview)}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#f3f5f9"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:640px"><tr><td class="card" style="background:#ffffff;border-radius:10px;padding:28px 32px">
<h1 class="ink" style="margin:0 0 4px;${FONT};font-size:22px;line-height:28px;color:${INK}">${escapeHtml(titleOf(briefing))}</h1>
<p class="soft" style="margin:0 0 16px;${FONT};font-size:13px;line-height:18px;color:${SOFT}">${escapeHtml(scopeLine(briefing))}</p>
${cautions === '' ? '' : `<table role="presentation" width="100%" cellpadding="0" cellspacing="0">${cautions}</table><div style="height:8px"></div>`}
<p class="ink" style="margin:0 0 8px;${FONT};font-size:16px;line-height:24px;color:${INK}">${escapeHtml(briefing.summary.map(({ text }) => text).join(' '))}</p>
${heading('Needs your attention')}${list(briefing.attention, EMPTY.attention)}
${heading('Key numbers')}<table role="presentation" width="100%" cellpadding="0" cellspacing="0">${briefing.metrics.map(numberRow).join('')}</table>
${briefing.chart ? chartRows(briefing.chart) : ''}
${heading(changesTitle(briefing))}${list(briefing.changes, briefing.previousAt === null ? EMPTY.firstChanges : EMPTY.changes)}
${heading('Done for you')}${list(briefing.automated, EMPTY.automated)}
${heading('Opportunities')}${list(briefing.opportunities, EMPTY.opportunities)}
</td></tr><tr><td class="soft" style="padding:16px 8px;${FONT};font-size:12px;line-height:18px;color:${SOFT}">${escapeHtml(footer)}</td></tr></table>
</td></tr></table></body></html>`;
}

function heading(text: string): string {
  return `<h2 class="ink" style="margin:24px 0 8px;${FONT};font-size:15px;line-height:20px;color:${INK}">${escapeHtml(text)}</h2>`;
}

function paragraph(text: string, color: string): string {
  return `<p class="soft" style="margin:0;${FONT};font-size:14px;line-height:20px;color:${color}">${escapeHtml(text)}</p>`;
}

function bullet(text: string): string {
  return `<tr><td valign="top" class="soft" style="width:16px;${FONT};font-size:14px;line-height:21px;color:${SOFT}">•</td><td class="ink" style="padding:0 0 4px;${FONT};font-size:14px;line-height:21px;color:${INK}">${escapeHtml(text)}</td></tr>`;
}

function numberRow(metric: BriefingMetric): string {
  const cell = `padding:9px 0;border-bottom:1px solid ${LINE};${FONT}`;
  return `<tr><td valign="top" class="rule ink" style="${cell};font-size:14px;line-height:20px;color:${INK}">${escapeHtml(metric.label)}<br><span class="soft" style="font-size:12px;line-height:18px;color:${SOFT}">${escapeHtml(comparisonWords(metric))}</span></td><td valign="top" align="right" class="rule ink" style="${cell};padding-left:12px;font-size:16px;line-height:20px;font-weight:600;white-space:nowrap;color:${INK}">${escapeHtml(metric.value)}</td></tr>`;
}

const CHART_HEIGHT = 64;

/** Columns of table cells: mail programs that show no pictures show these. Drawn from the lowest value, which is said. */
function chartRows(chart: BriefingChart): string {
  const values = chart.series[0]?.values ?? [];
  const known = values.flatMap((value) => value ?? []);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  if (known.length < 2 || high <= low) return '';
  const floor = low > high * 0.5 ? low - (high - low) * 0.25 : 0;
  const width = Math.floor(100 / values.length);
  const bars = values.map((value, index) => {
    if (value === null) return `<td width="${width}%"></td>`;
    const height = Math.max(2, Math.round(((value - floor) / (high - floor)) * CHART_HEIGHT));
    const label = `${chart.categories[index] ?? ''}: ${value.toLocaleString('en-US')} ${chart.valueLabel}`;
    return `<td valign="bottom" width="${width}%" title="${escapeHtml(label)}" style="padding:0 2px"><div class="bar" style="height:${height}px;background:#3f66d6;border-radius:2px 2px 0 0;font-size:0;line-height:0">&nbsp;</div></td>`;
  });
  const ends = `${chart.categories[0] ?? ''} – ${chart.categories.at(-1) ?? ''}`;
  const note = floor > 0 ? '; the columns do not start at zero, so that the movement shows' : '';
  return `${heading(chart.title)}<table role="img" aria-label="${escapeHtml(chart.alt)}" width="100%" cellpadding="0" cellspacing="0" style="height:${CHART_HEIGHT}px"><tr>${bars.join('')}</tr></table>${paragraph(`${ends}${note}`, SOFT)}`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
