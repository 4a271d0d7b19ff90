package dev.plumbline.learn.shards;

import dev.plumbline.core.Check;
import dev.plumbline.learn.direction.ActivationCollector;
import dev.plumbline.torch.model.OpenModel;
import dev.plumbline.torch.runtime.Decoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Who reads the data of a job, and in how many parts. */
public final class MemberOptions {
  @Option(
      names = "--members",
      split = ",",
      paramLabel = "HOST[:PORT]",
      description =
          "Read the data on these machines, each running `plumbline learn member` (here).")
  private List<String> members = List.of();

  @Option(
      names = "--shards",
      defaultValue = "0",
      paramLabel = "N",
      description = "Parts the data are read in; 0 for one for every 512 answers, 64 at most.")
  private int shards;

  @Option(
      names = "--shard-timeout",
      defaultValue = "600",
      paramLabel = "SECONDS",
      description = "How long members may bring nothing (${DEFAULT-VALUE}).")
  private int patience;

  /** Whether members are named. */
  public boolean any() {
    return !members.isEmpty();
  }

  public int shards() {
    return shards;
  }

  /** Checks the texts. */
  public void require() {
    addresses();
    Check.that(patience > 0, "--shard-timeout", "1 or more seconds", patience, "correct it");
  }

  private List<MemberAddress> addresses() {
    return members.stream().map(MemberAddress::parse).toList();
  }

  /** They, at work for a job with this model; one or more are named. */
  public ShardRunner runner(ModelCard card) {
    return new MemberShards(addresses(), card, Duration.ofSeconds(patience));
  }

  /**
   * Who reads the shards of a job that reads answers: members, or where a number of shards is asked
   * for this process; empty where nothing is cut.
   *
   * @param here on its thread
   */
  public Optional<ShardRunner> runner(
      OpenModel open,
      Decoder decoder,
      Map<String, Path> adapters,
      String device,
      ActivationCollector here) {
    if (any()) {
      return Optional.of(
          runner(
              ModelCard.of(
                  open.pin("unknown"),
                  decoder.precision().toString(),
                  adapters,
                  Machine.here(device))));
    }
    ShardReader reader = StatisticsShards.reader(here, decoder.vocabulary());
    return Optional.of(ShardRunner.local(reader)).filter(runner -> shards > 0);
  }

  /** For a dry run. */
  public String text() {
    return any() ? "read by " + String.join(", ", members) : "read here";
  }
}
