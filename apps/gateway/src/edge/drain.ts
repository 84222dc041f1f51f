import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';

/**
 * At a stop, lets the requests that are under way end while what they need is still there: Nest itself closes the server
 * only after the connections to the bus and other services are gone.
 */
@Injectable()
export class Drain implements OnModuleInit, OnModuleDestroy {
  private stopping = false;

  constructor(private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    // Without it, a client that keeps its connection open after the last reply would hold the stop up.
    this.fastify.addHook('onSend', async (_request, reply) => {
      if (this.stopping) void reply.header('connection', 'close');
    });
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await this.fastify.close();
  }

  private get fastify(): FastifyInstance {
    return this.host.httpAdapter.getInstance<FastifyInstance>();
  }
}
