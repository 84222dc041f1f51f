import {
  CreateConfigurationSetCommand,
  CreateConfigurationSetEventDestinationCommand,
  DescribeConfigurationSetCommand,
  type EventDestination,
  type EventType,
  type SESClient,
  UpdateConfigurationSetEventDestinationCommand,
} from '@aws-sdk/client-ses';

const DESTINATION = 'postern-events';
/**
 * Everything about the fate of a mail. Not `open` and `click`: for those SES rewrites links and adds an image, and what is
 * sent must be what was approved.
 */
const EVENT_TYPES: readonly EventType[] = ['send', 'reject', 'bounce', 'complaint', 'delivery', 'renderingFailure'];

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

/** The configuration set as sending needs it. Safe to repeat, and to run in several replicas at once. */
export class SesSetUp {
  private readonly wanted: EventDestination;

  constructor(
    private readonly ses: Pick<SESClient, 'send'>,
    private readonly configurationSet: string,
    topicArn: string,
  ) {
    this.wanted = {
      Name: DESTINATION,
      Enabled: true,
      MatchingEventTypes: [...EVENT_TYPES],
      SNSDestination: { TopicARN: topicArn },
    };
  }

  /** @returns what is wrong, in words for an operator; null when all is as it should be. */
  async problem(): Promise<string | null> {
    const destinations = await this.destinations();
    if (destinations === null) return `the configuration set ${this.configurationSet} does not exist`;
    if (destinations.some((destination) => this.isAsWanted(destination))) return null;
    return `the configuration set ${this.configurationSet} does not publish every event to SNS_EVENTS_TOPIC_ARN`;
  }

  /** Makes what is missing, and mends our own event destination; those of others stay as they are. */
  async ensure(): Promise<void> {
    const destinations = (await this.destinations()) ?? (await this.createSet());
    const ours = destinations.find(({ Name }) => Name === DESTINATION);
    if (ours === undefined) await this.createDestination();
    else if (!this.isAsWanted(ours)) {
      await this.ses.send(new UpdateConfigurationSetEventDestinationCommand(this.destinationInput()));
    }
  }

  /** Null when there is no such configuration set. */
  private async destinations(): Promise<EventDestination[] | null> {
    try {
      const { EventDestinations } = await this.ses.send(
        new DescribeConfigurationSetCommand({
          ConfigurationSetName: this.configurationSet,
          ConfigurationSetAttributeNames: ['eventDestinations'],
        }),
      );
      return EventDestinations ?? [];
    } catch (error) {
      if (isNamed(error, 'ConfigurationSetDoesNotExistException')) return null;
      throw error;
    }
  }

  private async createSet(): Promise<EventDestination[]> {
    try {
      await this.ses.send(new CreateConfigurationSetCommand({ ConfigurationSet: { Name: this.configurationSet } }));
    } catch (error) {
      if (!isNamed(error, 'ConfigurationSetAlreadyExistsException')) throw error;
    }
    return [];
  }

  private async createDestination(): Promise<void> {
    try {
      await this.ses.send(new CreateConfigurationSetEventDestinationCommand(this.destinationInput()));
    } catch (error) {
      if (!isNamed(error, 'EventDestinationAlreadyExistsException')) throw error;
    }
  }

  private destinationInput() {
    return { ConfigurationSetName: this.configurationSet, EventDestination: this.wanted };
  }

  private isAsWanted({ Enabled, MatchingEventTypes, SNSDestination }: EventDestination): boolean {
    return (
      Enabled === true &&
      SNSDestination?.TopicARN === this.wanted.SNSDestination?.TopicARN &&
      EVENT_TYPES.every((type) => MatchingEventTypes?.includes(type))
    );
  }
}
