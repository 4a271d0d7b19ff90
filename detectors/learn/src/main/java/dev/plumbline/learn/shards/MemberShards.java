package dev.plumbline.learn.shards;

import com.hazelcast.client.HazelcastClientNotActiveException;
import com.hazelcast.client.HazelcastClientOfflineException;
import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import dev.plumbline.core.Check;
import dev.plumbline.learn.job.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Gets shards read by members, wave by wave, so that what is under way is bounded; what a member
 * that died had begun is read by another, and each shard is taken once. Uses a connection of its
 * own for every run. One thread.
 */
public final class MemberShards implements ShardRunner {
  /** Shards of a wave for each member. */
  private static final int PER_MEMBER = 4;

  /** Waves in a row that may bring nothing. */
  private static final int FRUITLESS = 3;

  private final List<MemberAddress> addresses;
  private final ModelCard card;
  private final Duration patience;

  /**
   * @param addresses of the members, one or more; all must be there at the start
   * @param card that theirs must equal
   * @param patience how long no shard may come
   */
  public MemberShards(List<MemberAddress> addresses, ModelCard card, Duration patience) {
    Check.that(!addresses.isEmpty(), "members", "1 or more", "none", "name some, or none at all");
    this.addresses = List.copyOf(addresses);
    this.card = card;
    this.patience = patience;
  }

  @Override
  public Tally run(List<Shard> shards, ShardFolder folder, Progress progress) {
    try (Progress.Task bar = progress.begin("shards", shards.size())) {
      Ledger ledger = new Ledger(shards, folder, bar);
      if (ledger.finished()) {
        return ledger.tally(0, 0);
      }
      try (Coordinator coordinator = Coordinator.connect(addresses, card)) {
        int machines = coordinator.requireFitting();
        waves(coordinator, ledger);
        return ledger.tally(machines, coordinator.lost());
      }
    }
  }

  private void waves(Coordinator coordinator, Ledger ledger) {
    int fruitless = 0;
    while (!ledger.finished()) {
      int before = ledger.done();
      Optional<RuntimeException> trouble = wave(coordinator, ledger);
      fruitless = ledger.done() > before ? 0 : fruitless + 1;
      if (!coordinator.running() || fruitless == FRUITLESS) {
        throw gone(ledger, trouble);
      }
    }
  }

  /** What Hazelcast throws is not the end: the next wave does what is left of this one. */
  private Optional<RuntimeException> wave(Coordinator coordinator, Ledger ledger) {
    try {
      int members = Math.max(1, coordinator.requireFitting());
      coordinator.wave(ledger.next(PER_MEMBER * members), ledger, patience);
      return Optional.empty();
    } catch (HazelcastException
        | HazelcastInstanceNotActiveException
        | HazelcastClientNotActiveException
        | HazelcastClientOfflineException e) {
      return Optional.of(e);
    }
  }

  private IllegalStateException gone(Ledger ledger, Optional<RuntimeException> trouble) {
    return new IllegalStateException(
        "members: wanted one of "
            + addresses
            + " at work, found none left ("
            + trouble.map(Throwable::toString).orElse("three waves brought nothing")
            + "); "
            + ledger.done()
            + " of "
            + ledger.all()
            + " shards are done and kept: start members and add --resume",
        trouble.orElse(null));
  }
}
