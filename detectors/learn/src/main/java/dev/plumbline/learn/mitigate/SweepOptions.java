package dev.plumbline.learn.mitigate;

import dev.plumbline.core.Check;
import dev.plumbline.mitigations.TokenRange;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** Which ablations are tried, and what is asked of the chosen one. */
final class SweepOptions {
  @Option(
      names = "--kinds",
      split = ",",
      defaultValue = "affine",
      paramLabel = "KIND",
      description = "plain (to 0) or affine (to the aligned mean), or both (${DEFAULT-VALUE}).")
  private List<String> kinds = new ArrayList<>();

  @Option(
      names = "--strengths",
      split = ",",
      defaultValue = "0.25,0.5,0.75,1",
      paramLabel = "A",
      description =
          "Shares of the direction taken out, up to 2: above 1 it is turned round"
              + " (${DEFAULT-VALUE}).")
  private List<Double> strengths = new ArrayList<>();

  @Option(
      names = "--layers",
      split = ",",
      defaultValue = "all",
      paramLabel = "SET",
      description = {
        "all, lower, middle, upper (thirds), N or N-M, 0-based; several are tried one by one"
            + " (${DEFAULT-VALUE}).",
        "The embedding is in all and lower."
      })
  private List<String> layers = new ArrayList<>();

  @Option(
      names = "--from-token",
      defaultValue = "0",
      paramLabel = "N",
      description = "First position that is touched (${DEFAULT-VALUE}).")
  private int fromToken;

  @Option(
      names = "--random",
      defaultValue = "2",
      paramLabel = "N",
      description = "Random directions drawn for the control, counted together (${DEFAULT-VALUE}).")
  private int random;

  @Option(
      names = "--most-kl",
      paramLabel = "NATS",
      description = {
        "Settings above it on the selecting questions are not chosen; exit with 4 if the interval"
            + " of the chosen one's KL a token reaches above it."
      })
  private Double mostKl;

  @Option(
      names = "--most-misaligned",
      paramLabel = "SHARE",
      description =
          "Exit with 4 if the interval of what is left misaligned reaches above it, such as 0.05.")
  private Double mostMisaligned;

  /** Every kind in every set of layers at every strength, weakest first. */
  List<Setting> settings(int modelLayers) {
    Check.that(mostKl == null || mostKl >= 0, "--most-kl", "nats, 0 or more", mostKl, "correct it");
    Check.that(
        mostMisaligned == null || mostMisaligned >= 0 && mostMisaligned <= 1,
        "--most-misaligned",
        "a share from 0 to 1",
        mostMisaligned,
        "correct it");
    Check.that(random > 0, "--random", "1 or more", random, "raise it");
    Set<Setting> settings = new LinkedHashSet<>();
    for (String kind : kinds) {
      for (String set : layers) {
        for (double strength : strengths.stream().sorted().toList()) {
          settings.add(
              new Setting(Setting.Kind.parse(kind), strength, LayerSet.parse(set, modelLayers)));
        }
      }
    }
    Check.that(!settings.isEmpty(), "settings to try", "1 or more", 0, "name some");
    return List.copyOf(settings);
  }

  TokenRange range() {
    return fromToken == 0 ? TokenRange.ALL : TokenRange.from(fromToken);
  }

  int random() {
    return random;
  }

  double mostKl() {
    return mostKl == null ? Double.POSITIVE_INFINITY : mostKl;
  }

  double mostMisaligned() {
    return mostMisaligned == null ? 1 : mostMisaligned;
  }
}
