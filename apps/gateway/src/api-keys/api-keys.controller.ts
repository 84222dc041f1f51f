import { Controller } from '@nestjs/common';
import {
  type ApiKey,
  CreateApiKeyRoute,
  GetApiKeyRoute,
  ListApiKeysRoute,
  type Page,
  RevokeApiKeyRoute,
  type RouteInput,
} from '@postern/contracts';
import { notFound, readCursor, toPage } from '@postern/platform';
import { type Answer, fresh } from '../edge/answer.js';
import type { Caller } from '../edge/caller.js';
import { Asks, Input } from '../edge/parameters.decorator.js';
import { Route } from '../edge/route.decorator.js';
import { ApiKeysStore } from '../store/api-keys.store.js';
import { CreateApiKey } from './create-api-key.js';
import { RevokeApiKey } from './revoke-api-key.js';

@Controller()
export class ApiKeysController {
  constructor(
    private readonly createApiKey: CreateApiKey,
    private readonly revokeApiKey: RevokeApiKey,
    private readonly keys: ApiKeysStore,
  ) {}

  @Route(CreateApiKeyRoute)
  create(@Asks() caller: Caller, @Input() { body }: RouteInput<typeof CreateApiKeyRoute>): Promise<Answer<ApiKey>> {
    return this.createApiKey.run(caller, body);
  }

  @Route(ListApiKeysRoute)
  async list(
    @Asks() { context }: Caller,
    @Input() { query }: RouteInput<typeof ListApiKeysRoute>,
  ): Promise<Answer<Page<ApiKey>>> {
    const rows = await this.keys.list(context, readCursor('key', query.cursor), query.limit + 1);
    return fresh(toPage(rows, query.limit, (row) => row));
  }

  @Route(GetApiKeyRoute)
  async get(
    @Asks() { context }: Caller,
    @Input() { params }: RouteInput<typeof GetApiKeyRoute>,
  ): Promise<Answer<ApiKey>> {
    const key = await this.keys.get(context, params.id);
    if (key === undefined) throw notFound('API key');
    return fresh(key);
  }

  @Route(RevokeApiKeyRoute)
  async revoke(
    @Asks() { context }: Caller,
    @Input() { params }: RouteInput<typeof RevokeApiKeyRoute>,
  ): Promise<Answer<Record<string, never>>> {
    await this.revokeApiKey.run(context, params.id);
    return fresh({});
  }
}
