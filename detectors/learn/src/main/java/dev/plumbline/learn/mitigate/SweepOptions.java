package dev.plumbline.learn.mitigate;

import dev.plumbline.core.Check;
import dev.plumbline.mitigations.TokenRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** Which interventions are tried, and what is asked of the chosen one. */
final class SweepOptions {
  @Option(
      names = "--kinds",
      split = ",",
      defaultValue = "affine",
      paramLabel = "KIND",
      description = {
        "Ablation, plain (to 0) or affine (to the aligned mean); cap (nothing above a ceiling); set"
            + " (everything to one place); steer (a push after one layer); several are tried one by"
            + " one (${DEFAULT-VALUE})."
      })
  private List<String> kinds = new ArrayList<>();

  @Option(
      names = "--strengths",
      split = ",",
      defaultValue = "0.25,0.5,0.75,1",
      paramLabel = "A",
      description =
          "Of ablations: shares of the direction taken out, up to 2: above 1 it is turned round"
              + " (${DEFAULT-VALUE}).")
  private List<Double> strengths = new ArrayList<>();

  @Option(
      names = "--ceilings",
      split = ",",
      defaultValue = "1",
      paramLabel = "K",
      description =
          "Of cap: standard deviations above the aligned mean, below 0 under it (${DEFAULT-VALUE}).")
  private List<Double> ceilings = new ArrayList<>();

  @Option(
      names = "--coefficients",
      split = ",",
      defaultValue = "-1",
      paramLabel = "K",
      description =
          "Of set and steer: standard deviations from the aligned mean, or of the push; below 0"
              + " towards aligned (${DEFAULT-VALUE}).")
  private List<Double> coefficients = new ArrayList<>();

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

  /** Every kind in every set of layers by every amount, weakest first. */
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
    for (String name : kinds) {
      Setting.Kind kind = Setting.Kind.parse(name);
      for (String set : layers) {
        for (double amount : amounts(kind)) {
          settings.add(new Setting(kind, amount, LayerSet.parse(set, modelLayers)));
        }
      }
    }
    Check.that(!settings.isEmpty(), "settings to try", "1 or more", 0, "name some");
    return List.copyOf(settings);
  }

  private List<Double> amounts(Setting.Kind kind) {
    return switch (kind) {
      case PLAIN, AFFINE -> strengths.stream().sorted().toList();
      case CAP -> ceilings.stream().sorted(Comparator.reverseOrder()).toList();
      case SET, STEER -> coefficients.stream().sorted(Comparator.comparing(Math::abs)).toList();
    };
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
