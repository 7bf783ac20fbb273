import type { DeliveryWords } from './words.ts';

export const fr: DeliveryWords = {
  subject: ({ number, seller, amount }) => `Facture ${number} de ${seller} : ${amount}`,
  greeting: (name) => `Bonjour ${name},`,
  attached: ({ number, from, to }) =>
    `vous trouverez ci-joint la facture ${number} pour la période du ${from} au ${to}, en PDF.`,
  due: (on) => `Merci de la régler avant le ${on}.`,
  charged: 'Le montant est prélevé sur le moyen de paiement enregistré ; vous n’avez rien à faire.',
  settled: 'Il ne reste rien à payer.',
  invoice: 'Facture',
  amount: 'Montant',
  dueOn: 'Échéance',
  period: 'Période',
  portal: 'Voir et payer la facture en ligne',
  questions: (address) =>
    address === null
      ? 'Si quelque chose ne va pas, répondez à ce message.'
      : `Si quelque chose ne va pas, répondez à ce message ou écrivez à ${address}.`,
  closing: 'Cordialement',
};
