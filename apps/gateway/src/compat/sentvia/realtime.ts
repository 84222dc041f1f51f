import type { FrontRoute } from '../front.js';
import { notOffered } from './refusal.js';

export const realtimeRoutes: readonly FrontRoute[] = [
  {
    method: 'GET',
    path: '/realtime',
    async answer() {
      throw notOffered('Read GET /v1/events/stream, server-sent events that resume without loss, or take webhooks.');
    },
  },
];
