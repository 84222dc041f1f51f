import { expect, test } from '@jest/globals';
import { planAws } from './aws-plan.js';

const SANDBOX = 'http://127.0.0.1:20001';

test('without AWS settings everything goes to the sandbox', () => {
  const plan = planAws({ PATH: '/bin' }, SANDBOX);
  expect(plan.sandbox).toBe(true);
  expect(plan.topics.events).toBe('arn:aws:sns:us-east-1:000000000000:postern-events');
  expect(plan.settings).toMatchObject({
    AWS_ENDPOINT_URL_SES: SANDBOX,
    SNS_SANDBOX_CERT_ORIGIN: SANDBOX,
    DELIVERY_DNS_SERVERS: '127.0.0.1:20001',
    INGEST_DNS_SERVERS: '127.0.0.1:20001',
    AWS_SETUP: 'ensure',
  });
  expect(plan.settings).not.toHaveProperty('PATH');
});

test('an endpoint of one service replaces the sandbox for that one', () => {
  const plan = planAws({ AWS_ENDPOINT_URL_SES: 'http://ses.test' }, SANDBOX);
  expect(plan.sandbox).toBe(true);
  expect(plan.settings).toMatchObject({ AWS_ENDPOINT_URL_SES: 'http://ses.test', AWS_ENDPOINT_URL_SNS: SANDBOX });
});

test.each(['AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'AWS_ENDPOINT_URL'])(
  '%s means a real Amazon, and nothing is made up',
  (name) => {
    const given = { [name]: 'x', AWS_REGION: 'eu-west-1', SES_CONFIGURATION_SET: 'mine' };
    const plan = planAws(given, SANDBOX);
    expect(plan).toEqual({ sandbox: false, settings: given, topics: { events: '', inbound: '' } });
  },
);
