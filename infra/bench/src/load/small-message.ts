const TEXT = 'Your order has left our warehouse and will reach you in two days. You can answer this message.\n'.repeat(
  3,
);

let sent = 0;

/** A small mail to a recipient of its own, which the sandbox (as SES's simulator) delivers. */
export function smallMessage(): object {
  sent += 1;
  return {
    to: `success+${sent.toString(36)}@simulator.amazonses.com`,
    subject: `Order ${sent} is on its way`,
    text: TEXT,
  };
}
