import { AwsError } from '../http/aws-error.js';
import type { QueryAction, QueryParams } from '../http/query-protocol.js';
import type { XmlFields } from '../http/xml.js';
import type { StateStore } from '../state/state.js';

export interface EventDestination {
  readonly name: string;
  readonly enabled: boolean;
  /** e.g. `send`, `bounce`. */
  readonly eventTypes: readonly string[];
  readonly snsTopicArn: string;
}

export interface ConfigurationSet {
  readonly name: string;
  readonly destinations: EventDestination[];
}

// SES API reference, ConfigurationSet: 1 to 64 of these characters; quotas: 10 event destinations each.
const NAME = /^[A-Za-z0-9_-]{1,64}$/;
const MAX_DESTINATIONS = 10;

// SES API v1 reference, EventDestination.MatchingEventTypes. `deliveryDelay` exists in v2 only; the sandbox takes it too.
const EVENT_TYPES = new Set([
  'send',
  'reject',
  'bounce',
  'complaint',
  'delivery',
  'open',
  'click',
  'renderingFailure',
  'deliveryDelay',
]);

const readDestination = (params: QueryParams, state: StateStore['state']): EventDestination => {
  const field = (name: string): string => `EventDestination.${name}`;
  const name = params.need(field('Name'));
  if (!NAME.test(name)) throw new AwsError('InvalidParameterValue', `Invalid event destination name: ${name}`);
  const eventTypes = params.list(field('MatchingEventTypes'));
  const unknown = eventTypes.find((type) => !EVENT_TYPES.has(type));
  if (unknown !== undefined) throw new AwsError('InvalidParameterValue', `Unknown event type: ${unknown}`);
  if (eventTypes.length === 0) throw new AwsError('InvalidParameterValue', 'At least one event type is required.');
  const snsTopicArn = params.get(field('SNSDestination.TopicARN'));
  if (snsTopicArn === undefined) {
    throw new AwsError('InvalidParameterValue', 'The sandbox knows SNS destinations only.');
  }
  if (!state.topics[snsTopicArn]) {
    throw new AwsError('InvalidSNSDestination', `Invalid SNS topic <${snsTopicArn}>: it does not exist.`);
  }
  return { name, enabled: params.get(field('Enabled')) === 'true', eventTypes, snsTopicArn };
};

const shownDestination = (destination: EventDestination): XmlFields => ({
  Name: destination.name,
  Enabled: destination.enabled,
  MatchingEventTypes: destination.eventTypes,
  SNSDestination: { TopicARN: destination.snsTopicArn },
});

/** The SES operations on configuration sets, by name. Every change is on disk before its answer. */
export const configurationSetActions = ({ state, save }: StateStore): Record<string, QueryAction> => {
  const need = (params: QueryParams): ConfigurationSet => {
    const name = params.need('ConfigurationSetName');
    const set = state.configurationSets[name];
    if (!set) throw new AwsError('ConfigurationSetDoesNotExist', `Configuration set <${name}> does not exist.`);
    return set;
  };

  return {
    async CreateConfigurationSet(params) {
      const name = params.need('ConfigurationSet.Name');
      if (!NAME.test(name)) throw new AwsError('InvalidConfigurationSet', `Invalid configuration set name: ${name}`);
      if (state.configurationSets[name]) {
        throw new AwsError('ConfigurationSetAlreadyExists', `Configuration set <${name}> already exists.`);
      }
      state.configurationSets[name] = { name, destinations: [] };
      await save();
      return {};
    },

    DescribeConfigurationSet(params) {
      const set = need(params);
      const withDestinations = params.list('ConfigurationSetAttributeNames').includes('eventDestinations');
      return {
        ConfigurationSet: { Name: set.name },
        EventDestinations: withDestinations ? set.destinations.map(shownDestination) : undefined,
      };
    },

    async DeleteConfigurationSet(params) {
      delete state.configurationSets[need(params).name];
      await save();
      return {};
    },

    async CreateConfigurationSetEventDestination(params) {
      const set = need(params);
      const destination = readDestination(params, state);
      if (set.destinations.some(({ name }) => name === destination.name)) {
        throw new AwsError('EventDestinationAlreadyExists', `Event destination <${destination.name}> already exists.`);
      }
      if (set.destinations.length === MAX_DESTINATIONS) {
        throw new AwsError('LimitExceeded', `A configuration set has up to ${MAX_DESTINATIONS} event destinations.`);
      }
      set.destinations.push(destination);
      await save();
      return {};
    },

    async UpdateConfigurationSetEventDestination(params) {
      const set = need(params);
      const destination = readDestination(params, state);
      const index = set.destinations.findIndex(({ name }) => name === destination.name);
      if (index === -1) {
        throw new AwsError('EventDestinationDoesNotExist', `Event destination <${destination.name}> does not exist.`);
      }
      set.destinations[index] = destination;
      await save();
      return {};
    },

    async DeleteConfigurationSetEventDestination(params) {
      const set = need(params);
      const wanted = params.need('EventDestinationName');
      const index = set.destinations.findIndex(({ name }) => name === wanted);
      if (index === -1)
        throw new AwsError('EventDestinationDoesNotExist', `Event destination <${wanted}> does not exist.`);
      set.destinations.splice(index, 1);
      await save();
      return {};
    },
  };
};
