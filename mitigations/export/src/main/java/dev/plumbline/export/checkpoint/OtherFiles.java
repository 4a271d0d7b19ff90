package dev.plumbline.export.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Configuration, tokenizer, template and licence of a model folder. Neither weights in other
 * formats, which would still have the direction, nor code.
 */
final class OtherFiles {
  private static final List<String> KINDS =
      List.of(".json", ".txt", ".model", ".jinja", ".tiktoken");
  private static final List<String> LEGAL = List.of("license", "notice", "use_policy");
  private static final long LARGEST = 256L << 20;

  private OtherFiles() {}

  /** Copies what is wanted; gives the names of what was left, weights and index not counted. */
  static List<String> copy(Path from, Path to) throws IOException {
    List<String> left = new ArrayList<>();
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".safetensors") || name.endsWith(".safetensors.index.json")) {
          continue;
        }
        if (isWanted(file, name.toLowerCase(Locale.ROOT))) {
          Files.copy(file, to.resolve(name));
        } else {
          left.add(name);
        }
      }
    }
    return left;
  }

  private static boolean isWanted(Path file, String name) throws IOException {
    return Files.isRegularFile(file)
        && Files.size(file) <= LARGEST
        && (KINDS.stream().anyMatch(name::endsWith) || LEGAL.stream().anyMatch(name::startsWith));
  }
}
