import {
  AckPolicy,
  jetstream,
  jetstreamManager,
  type JetStreamClient,
  type JetStreamManager,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { startInfra, type Infra } from '@postern/testing';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { connectNats } from '../src/jetstream/connect.js';
import { FactsUnderWay } from '../src/jetstream/facts-under-way.js';
import { ensureStreams, EVENTS_STREAM } from '../src/jetstream/topology.js';

let infra: Infra;
let connection: NatsConnection;
let js: JetStreamClient;
let jsm: JetStreamManager;

beforeAll(async () => {
  infra = await startInfra();
  connection = await connectNats(infra.natsUrl, 'test');
  await ensureStreams(connection, 1);
  js = jetstream(connection);
  jsm = await jetstreamManager(connection);
});
afterAll(async () => {
  await connection?.close();
  await infra?.stop();
});

it('are those that some consumer has not acknowledged, the oldest of all consumers', async () => {
  const facts = new FactsUnderWay(connection);
  const consumer = async (name: string, subject: string) => {
    await jsm.consumers.add(EVENTS_STREAM, {
      durable_name: name,
      ack_policy: AckPolicy.Explicit,
      filter_subject: subject,
    });
    return js.consumers.get(EVENTS_STREAM, name);
  };
  const timeOf = async (seq: number) => (await jsm.streams.getMessage(EVENTS_STREAM, { seq }))?.time;
  const [scan, log] = [await consumer('scan', 'ingest.>'), await consumer('log', 'messaging.>')];
  expect(await facts.oldest()).toBeNull();

  const [first, second] = [await js.publish('ingest.a'), await js.publish('messaging.b')];
  expect(await facts.oldest()).toEqual(await timeOf(first.seq));

  const one = await scan.next();
  await one?.ackAck();
  expect(await facts.oldest()).toEqual(await timeOf(second.seq));

  const taken = await log.next();
  expect(await facts.oldest()).toEqual(await timeOf(second.seq));
  await taken?.ackAck();
  expect(await facts.oldest()).toBeNull();

  const third = await js.publish('messaging.c');
  const fourth = await js.publish('messaging.d');
  await jsm.streams.deleteMessage(EVENTS_STREAM, third.seq);
  expect(await facts.oldest()).toEqual(await timeOf(fourth.seq));
});
