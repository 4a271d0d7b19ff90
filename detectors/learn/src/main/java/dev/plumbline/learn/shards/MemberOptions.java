package dev.plumbline.learn.shards;

import dev.plumbline.core.Check;
import java.time.Duration;
import java.util.List;
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

  /** For a dry run. */
  public String text() {
    return any() ? "read by " + String.join(", ", members) : "read here";
  }
}
