package dev.plumbline.learn.shards;

import com.hazelcast.core.HazelcastException;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.jet.Job;
import com.hazelcast.jet.config.JobConfig;
import dev.plumbline.torch.cli.NotFittingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Some shards under way at once, as one Jet job: results are taken while it runs. If a member dies,
 * Jet starts the job again on the others, who leave out what is finished. One thread.
 */
final class Wave {
  private static final Logger LOG = LoggerFactory.getLogger(Wave.class);
  private static final long LOOK_MILLIS = 50;
  private static final long END_MILLIS = 2000;

  private final String name = UUID.randomUUID().toString();
  private final HazelcastInstance client;
  private final WaveMaps maps;
  private final Ledger ledger;
  private final List<Shard> open;

  Wave(HazelcastInstance client, List<Shard> shards, Ledger ledger) {
    this.client = client;
    this.maps = new WaveMaps(client, name);
    this.ledger = ledger;
    this.open = new ArrayList<>(shards);
  }

  /**
   * Returns when every shard has its result, or the job ended without.
   *
   * @param patience how long none may come
   * @throws IllegalStateException if none came
   */
  void run(ModelCard card, Duration patience) {
    open.forEach(maps::give);
    JobConfig config = new JobConfig().setName("shards " + name);
    Job job = client.getJet().newJob(ShardProcessors.dag(name, card), config);
    try {
      takeAll(job, patience);
      ledger.attempts(maps.attempts());
    } finally {
      end(job);
    }
  }

  private void takeAll(Job job, Duration patience) {
    long since = System.nanoTime();
    boolean ended = false;
    while (!open.isEmpty() && !ended) {
      ended = ended(job, LOOK_MILLIS);
      if (take()) {
        since = System.nanoTime();
      }
      if (System.nanoTime() - since > patience.toNanos()) {
        throw new IllegalStateException(
            "members: wanted a shard within "
                + patience.toSeconds()
                + " s, found none; look at their logs, or give --shard-timeout more, and --resume");
      }
    }
  }

  private boolean take() {
    return open.removeIf(
        shard -> {
          Reply reply = maps.take(shard.id());
          if (reply instanceof Reply.Done done) {
            ledger.take(shard, done.statistics());
          } else if (reply instanceof Reply.Misfit misfit) {
            throw new NotFittingException(
                "members: wanted the model of this job, found one with " + misfit.how());
          } else if (reply instanceof Reply.Refused refused) {
            throw new IllegalArgumentException(refused.why());
          }
          return reply instanceof Reply.Done;
        });
  }

  /** Waits a little; how it ended does not matter here: what is missing is done again. */
  private static boolean ended(Job job, long millis) {
    try {
      job.getFuture().get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException | CancellationException e) {
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while members were reading shards", e);
    }
  }

  /** As well as it can be: what cannot be cleared away now expires on the members. */
  private void end(Job job) {
    try {
      if (!ended(job, open.isEmpty() ? END_MILLIS : 0)) {
        job.cancel();
      }
      maps.destroy();
    } catch (HazelcastException | IllegalStateException e) {
      LOG.warn("shards {} are left to expire on the members: {}", name, e.toString());
    }
  }
}
