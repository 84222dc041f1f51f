import { type Address, addressKey, checkAddress, RECIPIENTS_MAX, type ReplyBody } from '@postern/contracts';
import { type Issue, validationError } from '@postern/platform';
import type { MessageWithState } from '../store/message.row.js';

export interface ReplyRecipients {
  to: Address[];
  cc: Address[];
  bcc: Address[];
}

type Answered = Pick<
  MessageWithState,
  'direction' | 'from_address' | 'from_name' | 'to_list' | 'cc_list' | 'reply_to_list'
>;
type Wanted = Pick<ReplyBody, 'reply_all' | 'to' | 'cc' | 'bcc'>;

/**
 * Whom a reply goes to: those who are to be answered (Reply-To, else From; of one's own message those in To), with
 * `reply_all` also everyone else in To and Cc. The inbox itself is left out, unless nobody else is there. The Bcc of one's
 * own message is never taken up again. Everyone comes once, in the first of to, cc, bcc.
 * @throws AppError `validation_error` when somebody who would get the reply cannot be sent to, or they are too many.
 */
export function replyRecipients(message: Answered, own: string, wanted: Wanted): ReplyRecipients {
  const others = ({ address }: Address): boolean => addressKey(address) !== addressKey(own);
  const answered = wanted.to ?? withoutOwn(toAnswer(message), others);
  const alsoTo = wanted.reply_all && message.direction === 'inbound' ? message.to_list.filter(others) : [];
  const alsoCc = wanted.reply_all ? message.cc_list.filter(others) : [];
  const found = [...(wanted.to === undefined ? answered : []), ...alsoTo, ...alsoCc];
  mustBeSendable(found);
  const once = onceEach();
  const recipients = {
    to: once([...answered, ...alsoTo]),
    cc: once([...alsoCc, ...(wanted.cc ?? [])]),
    bcc: once(wanted.bcc ?? []),
  };
  mustNotBeTooMany(recipients);
  return recipients;
}

function toAnswer({ direction, from_address, from_name, to_list, reply_to_list }: Answered): Address[] {
  if (direction === 'outbound') return to_list;
  return reply_to_list.length > 0 ? reply_to_list : [{ address: from_address, name: from_name }];
}

function withoutOwn(people: Address[], others: (one: Address) => boolean): Address[] {
  const rest = people.filter(others);
  return rest.length > 0 ? rest : people;
}

/** Nobody is left out in silence: what came from outside may hold addresses that SES does not take. */
function mustBeSendable(people: readonly Address[]): void {
  const issues = people.flatMap(({ address }): Issue[] => {
    const verdict = checkAddress(address);
    if (!('problem' in verdict)) return [];
    return [{ path: 'to', message: `must be given: the message names "${address}", which ${verdict.problem}` }];
  });
  if (issues.length > 0) throw validationError(issues);
}

/** Takes lists one after the other, and leaves out of each whom it had before. */
function onceEach(): (people: readonly Address[]) => Address[] {
  const seen = new Set<string>();
  return (people) =>
    people.filter(({ address }) => {
      const isNew = !seen.has(addressKey(address));
      seen.add(addressKey(address));
      return isNew;
    });
}

function mustNotBeTooMany({ to, cc, bcc }: ReplyRecipients): void {
  const count = to.length + cc.length + bcc.length;
  if (count <= RECIPIENTS_MAX) return;
  const message = `must be given, without reply_all: the reply would go to ${count} recipients, and ${RECIPIENTS_MAX} are the most`;
  throw validationError([{ path: 'to', message }]);
}
