// What kafkajs does wrong, and does not offer to do otherwise.

interface RequestQueue {
  pending: unknown[];
  throttledUntil: number;
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
}

const { prototype: queue } = require('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };
const { scheduleCheckPendingRequests } = queue;
// Where no request waits it would set a timer for a moment that has passed, and Node prints a warning for that.
queue.scheduleCheckPendingRequests = function plan(this: RequestQueue): void {
  if (this.pending.length > 0 || this.throttledUntil > Date.now()) scheduleCheckPendingRequests.call(this);
};

interface BrokerNode {
  connect: (this: BrokerNode) => Promise<void>;
  disconnect: () => Promise<void>;
}

const { prototype: node } = require('kafkajs/src/broker') as { prototype: BrokerNode };
const { connect } = node;
// A broker that is frozen lets itself be connected to, and says nothing. When that was given up the client took the
// connection for a good one for ever, and each of its requests failed with `Broker not connected`.
node.connect = async function connectWhole(this: BrokerNode): Promise<void> {
  try {
    await connect.call(this);
  } catch (error) {
    // Else somebody else is about to connect.
    if ((error as Error).name !== 'KafkaJSLockTimeout') await this.disconnect();
    throw error;
  }
};

interface OffsetManager {
  autoCommitInterval: number | null;
  lastCommit: number;
  commitOffsets: (this: OffsetManager, offsets?: { topics?: unknown[] }) => Promise<void>;
}

const { prototype: offsets } = require('kafkajs/src/consumer/offsetManager') as { prototype: OffsetManager };
const { commitOffsets } = offsets;
// With autoCommitInterval it would commit after each batch all the same: a tenth of what a broker and a consumer of small
// batches do (measured). What is committed by name is committed at once.
offsets.commitOffsets = async function commitSometimes(this: OffsetManager, named = {}): Promise<void> {
  const { autoCommitInterval: interval, lastCommit } = this;
  if (named.topics === undefined && interval !== null && Date.now() < lastCommit + interval) return;
  await commitOffsets.call(this, named);
};

import './kafkajs-produce';

export { Kafka } from 'kafkajs';
