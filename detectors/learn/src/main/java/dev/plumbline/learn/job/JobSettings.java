package dev.plumbline.learn.job;

import dev.plumbline.core.spi.SourceCommit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Everything that decides a job's result: its options as given or by default, and the SHA-256 of
 * the files they name. Two jobs with equal settings write equal bytes.
 *
 * <p>The commit is there for who reads the folder later; a job may be resumed by another build, as
 * it may on another machine.
 *
 * @param commit of the sources the job was begun with, {@code unknown} outside a checkout
 * @param command such as {@code plumbline finetune}
 * @param options texts by option name
 * @param files digests by path
 */
record JobSettings(
    String commit, String command, Map<String, String> options, Map<String, String> files) {
  /** What decides nothing; {@code --papers} is written, and so differs after every run. */
  private static final Set<String> ASIDE =
      Set.of(
          "--out",
          "--dry-run",
          "--resume",
          "--json",
          "--papers",
          "--quiet",
          "--help",
          "--version",
          "--members",
          "--shard-timeout");

  JobSettings {
    options = new TreeMap<>(options);
    files = new TreeMap<>(files);
  }

  static JobSettings of(CommandSpec spec) {
    Map<String, String> options = new TreeMap<>();
    Map<String, String> files = new TreeMap<>();
    for (OptionSpec option : spec.options()) {
      if (!ASIDE.contains(option.longestName())) {
        put(option.longestName(), option.getValue(), options, files);
      }
    }
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      put(parameter.paramLabel(), parameter.getValue(), options, files);
    }
    return new JobSettings(SourceCommit.here(), spec.qualifiedName(), options, files);
  }

  private static void put(
      String name, Object value, Map<String, String> options, Map<String, String> files) {
    Object given = value instanceof Optional<?> optional ? optional.orElse(null) : value;
    if (given == null) {
      return;
    }
    options.put(name, given.toString());
    if (given instanceof Map<?, ?> map) {
      map.values().forEach(each -> digest(each, files));
    } else if (given instanceof Collection<?> collection) {
      collection.forEach(each -> digest(each, files));
    } else {
      digest(given, files);
    }
  }

  private static void digest(Object value, Map<String, String> files) {
    if (value instanceof Path path && Files.exists(path)) {
      files.put(path.toString(), InputDigest.of(path));
    }
  }
}
