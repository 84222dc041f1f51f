/** Where the sending of one message stands. The last five are ends. */
export const SEND_STATES = [
  /** It was moved before it came: only its time is known. */
  'expected',
  /** Waits for its time, or for its next attempt. */
  'pending',
  /** A caller holds it, and may be asking SES now. */
  'claimed',
  /** SES may have taken it; nobody knows. */
  'in_doubt',
  'sent',
  'failed',
  'rejected',
  'cancelled',
  'suppressed',
] as const;
export type SendState = (typeof SEND_STATES)[number];

export const SEND_INPUTS = [
  /** The message comes. */
  'arrive',
  /** A caller takes it, with at least one recipient left. */
  'claim',
  /** At the claim, no recipient was left. */
  'suppress_all',
  /** The caller did not ask SES after all; in test mode also: its lease ended. */
  'give_back',
  /** SES said yes. */
  'take',
  /** SES said no for now, or could not be reached. */
  'wait',
  /** SES said no for ever. */
  'reject',
  /** It was tried long enough, or must not be tried. */
  'give_up',
  /** No answer, or none that can be understood; or the caller's lease ended. */
  'doubt',
  /** Feedback proves that SES took this or an earlier attempt. */
  'prove',
  /** The rule for doubt says: once more. (The rule `fail` is `give_up`.) */
  'resend',
  /** Somebody cancels the message. */
  'cancel',
] as const;
export type SendInput = (typeof SEND_INPUTS)[number];

/** The next state, or why nothing changes. */
export type Step = { to: SendState } | { ignored: string };

const MOVES: Readonly<Record<SendInput, Readonly<Partial<Record<SendState, SendState>>>>> = {
  arrive: { expected: 'pending' },
  claim: { pending: 'claimed' },
  suppress_all: { pending: 'suppressed' },
  // An answer of the caller whose lease ended meanwhile still counts: statements compare its token, so it is the last caller.
  give_back: { claimed: 'pending', in_doubt: 'pending' },
  take: { claimed: 'sent', in_doubt: 'sent' },
  wait: { claimed: 'pending', in_doubt: 'pending' },
  reject: { claimed: 'rejected', in_doubt: 'rejected' },
  give_up: { claimed: 'failed', in_doubt: 'failed' },
  doubt: { claimed: 'in_doubt' },
  // Proof may overtake our own commit (claimed), and may come when another attempt is planned already (pending).
  prove: { pending: 'sent', claimed: 'sent', in_doubt: 'sent' },
  resend: { in_doubt: 'pending' },
  cancel: { expected: 'cancelled', pending: 'cancelled' },
};

const WHY_IGNORED: Readonly<Record<SendState, string>> = {
  expected: 'the message has not come yet',
  pending: 'no attempt is under way',
  claimed: 'an attempt is under way and ends by its own answer, by proof or by its lease',
  in_doubt: 'only proof, the answer of the attempt in doubt, or the rule ends doubt',
  sent: 'SES has it: nothing takes a sent mail back',
  failed: 'it has ended, and its end was told',
  rejected: 'it has ended, and its end was told',
  cancelled: 'it was cancelled before SES was asked',
  suppressed: 'it has ended: no recipient was left',
};

/** Total: every state has an answer to every input. */
export function next(state: SendState, input: SendInput): Step {
  const to = MOVES[input][state];
  return to === undefined ? { ignored: WHY_IGNORED[state] } : { to };
}

/** The states in which an input changes something: what the statement that applies it must look for. */
export const statesBefore = (input: SendInput): SendState[] =>
  SEND_STATES.filter((state) => MOVES[input][state] !== undefined);

/** The state after an input that changed something. Each input leads to one state. */
export function stateAfter(input: SendInput): SendState {
  const [to] = Object.values(MOVES[input]);
  if (to === undefined) throw new Error(`${input} leads nowhere`);
  return to;
}
