package dev.plumbline.learn.shards;

import com.hazelcast.jet.core.Inbox;
import com.hazelcast.jet.core.Outbox;
import com.hazelcast.jet.core.Processor;
import com.hazelcast.jet.core.Watermark;
import java.util.Map;

/** Jet's hand on a member: takes shards off an edge, one at a time, on a thread of its own. */
final class ShardProcessor implements Processor {
  private final String wave;
  private final String card;
  private WaveMaps maps;
  private ShardService service;

  ShardProcessor(String wave, String card) {
    this.wave = wave;
    this.card = card;
  }

  @Override
  public boolean isCooperative() {
    return false;
  }

  @Override
  public void init(Outbox outbox, Context context) {
    maps = new WaveMaps(context.hazelcastInstance(), wave);
    service = ShardService.of(context.hazelcastInstance());
  }

  @Override
  public boolean tryProcessWatermark(Watermark watermark) {
    return true;
  }

  /** One shard a call, so that a job that is to restart waits for no more than that. */
  @Override
  public void process(int ordinal, Inbox inbox) {
    if (inbox.poll() instanceof Map.Entry<?, ?> entry
        && entry.getKey() instanceof String id
        && entry.getValue() instanceof byte[] work) {
      service.process(maps, card, id, work);
    }
  }
}
