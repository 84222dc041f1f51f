import { Module } from '@nestjs/common';
import { HighlightStore } from '../store/highlight.store.js';
import { MessageListStore } from '../store/message-list.store.js';
import { SearchIndexStore } from '../store/search-index.store.js';
import { SearchQueueStore } from '../store/search-queue.store.js';
import { SearchReadStore } from '../store/search-read.store.js';
import { WordQueryStore } from '../store/word-query.store.js';
import { AttachmentTexts } from './attachment-texts.js';
import { FindMessages } from './find-messages.js';
import { IndexMessages } from './index-messages.js';
import { SearchIndexer } from './search-indexer.js';

/** Finds messages: the index, what fills it, and what asks it. */
@Module({
  providers: [
    AttachmentTexts,
    FindMessages,
    HighlightStore,
    IndexMessages,
    MessageListStore,
    SearchIndexer,
    SearchIndexStore,
    SearchQueueStore,
    SearchReadStore,
    WordQueryStore,
  ],
  exports: [AttachmentTexts, FindMessages, IndexMessages, MessageListStore, SearchQueueStore],
})
export class SearchModule {}
