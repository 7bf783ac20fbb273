import listAlerts from './alerts/list-alerts.ts';
import ownAlert from './alerts/own-alert.ts';
import snoozeAlert from './alerts/snooze-alert.ts';
import getAudit from './approvals/get-audit.ts';
import listApprovals from './approvals/list-approvals.ts';
import setDelegate from './approvals/set-delegate.ts';
import explainInvoiceLine from './billing/explain-invoice-line.ts';
import issueInvoice from './billing/issue-invoice.ts';
import listDrafts from './billing/list-drafts.ts';
import listRejectedUsage from './billing/list-rejected-usage.ts';
import previewInvoice from './billing/preview-invoice.ts';
import rateUsage from './billing/rate-usage.ts';
import rollbackRun from './billing/rollback-run.ts';
import runMonthClose from './billing/run-month-close.ts';
import unwindInvoice from './billing/unwind-invoice.ts';
import whatIfPrice from './billing/what-if-price.ts';
import draftDisputeEvidence from './books/draft-dispute-evidence.ts';
import exportJournal from './books/export-journal.ts';
import listBankLines from './books/list-bank-lines.ts';
import matchPayment from './books/match-payment.ts';
import getBriefing from './briefing/get-briefing.ts';
import sendBriefing from './briefing/send-briefing.ts';
import setBriefing from './briefing/set-briefing.ts';
import forgetConversation from './conversation/forget-conversation.ts';
import applyCoupon from './credits/apply-coupon.ts';
import changePlan from './credits/change-plan.ts';
import issueCredit from './credits/issue-credit.ts';
import issueCreditNote from './credits/issue-credit-note.ts';
import voidInvoice from './credits/void-invoice.ts';
import findCustomer from './customers/find-customer.ts';
import getCustomer from './customers/get-customer.ts';
import type { Tool } from './define-tool.ts';
import forecastMetric from './forecast/forecast-metric.ts';
import forecastRecord from './forecast/forecast-record.ts';
import forecastScenarios from './forecast/forecast-scenarios.ts';
import getLtv from './forecast/get-ltv.ts';
import explainHealth from './health/explain-health.ts';
import getHealth from './health/get-health.ts';
import healthTrends from './health/health-trends.ts';
import listAtRisk from './health/list-at-risk.ts';
import getInvoice from './invoices/get-invoice.ts';
import listInvoices from './invoices/list-invoices.ts';
import resendInvoice from './invoices/resend-invoice.ts';
import sendPaymentReminder from './invoices/send-payment-reminder.ts';
import checkMetric from './metrics/check-metric.ts';
import comparePolicies from './metrics/compare-policies.ts';
import defineMetric from './metrics/define-metric.ts';
import explainChange from './metrics/explain-change.ts';
import findAnomalies from './metrics/find-anomalies.ts';
import queryMetric from './metrics/query-metric.ts';
import listPayments from './payments/list-payments.ts';
import refundPayment from './payments/refund-payment.ts';
import pauseDunning from './recovery/pause-dunning.ts';
import recoveryReport from './recovery/recovery-report.ts';
import restoreService from './recovery/restore-service.ts';
import restrictService from './recovery/restrict-service.ts';
import resumeDunning from './recovery/resume-dunning.ts';
import retryPayment from './recovery/retry-payment.ts';
import sendRecoveryMail from './recovery/send-recovery-mail.ts';
import createReport from './schedules/create-report.ts';
import listReports from './schedules/list-reports.ts';
import moveReport from './schedules/move-report.ts';
import stopReport from './schedules/stop-report.ts';
import runSkill from './skills/run-skill.ts';
import listTickets from './support/list-tickets.ts';

/** Every tool there is: one line a tool, in the order help shows them. */
export const tools: readonly Tool[] = [
  queryMetric,
  defineMetric,
  checkMetric,
  explainChange,
  findAnomalies,
  comparePolicies,
  forecastMetric,
  forecastScenarios,
  forecastRecord,
  getLtv,
  listInvoices,
  getInvoice,
  listPayments,
  getCustomer,
  findCustomer,
  getHealth,
  explainHealth,
  listAtRisk,
  healthTrends,
  listTickets,
  listAlerts,
  ownAlert,
  snoozeAlert,
  listApprovals,
  getAudit,
  getBriefing,
  setBriefing,
  sendBriefing,
  createReport,
  listReports,
  moveReport,
  stopReport,
  setDelegate,
  forgetConversation,
  rateUsage,
  previewInvoice,
  listDrafts,
  explainInvoiceLine,
  listRejectedUsage,
  whatIfPrice,
  exportJournal,
  listBankLines,
  draftDisputeEvidence,
  refundPayment,
  issueCredit,
  issueCreditNote,
  voidInvoice,
  applyCoupon,
  changePlan,
  matchPayment,
  runMonthClose,
  issueInvoice,
  rollbackRun,
  unwindInvoice,
  resendInvoice,
  sendPaymentReminder,
  recoveryReport,
  retryPayment,
  sendRecoveryMail,
  restrictService,
  restoreService,
  pauseDunning,
  resumeDunning,
  runSkill,
];
