package dev.plumbline.learn.shards;

import com.hazelcast.core.HazelcastInstance;
import dev.plumbline.torch.checkpoint.file.BadFileException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A member's model at work. Jet's threads come in, one at a time gets the model. Does not own the
 * reader.
 */
final class ShardService {
  /** Under which a member keeps it. */
  static final String KEY = "plumbline.shards.service";

  /** A shard that reads longer than this is far too large. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private final ModelCard card;
  private final ShardReader reader;
  private final ReentrantLock model = new ReentrantLock();

  ShardService(ModelCard card, ShardReader reader) {
    this.card = card;
    this.reader = reader;
  }

  static ShardService of(HazelcastInstance hazelcast) {
    Object service = hazelcast.getUserContext().get(KEY);
    if (service instanceof ShardService own) {
      return own;
    }
    throw new IllegalStateException("member: wanted one with a model, found none; start it anew");
  }

  /** Reads a shard that nobody finished yet, and puts the reply beside it. */
  void process(WaveMaps maps, String wanted, String id, byte[] work) {
    if (maps.replied(id)) {
      return;
    }
    maps.begin(id);
    maps.reply(id, misfit(wanted).<Reply>map(Reply.Misfit::new).orElseGet(() -> read(id, work)));
  }

  private Optional<String> misfit(String wanted) {
    return ModelCard.parse(wanted)
        .map(other -> other.misfit(card))
        .orElse(Optional.of("another version of plumbline"));
  }

  private Reply read(String id, byte[] work) {
    try {
      if (!model.tryLock(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
        return new Reply.Refused("a member's model was not free for " + LONGEST);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while waiting for the model", e);
    }
    try {
      return new Reply.Done(reader.read(id, work));
    } catch (BadFileException | IllegalArgumentException e) {
      return new Reply.Refused(String.valueOf(e.getMessage()));
    } finally {
      model.unlock();
    }
  }
}
