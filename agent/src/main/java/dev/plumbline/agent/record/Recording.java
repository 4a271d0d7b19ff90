package dev.plumbline.agent.record;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A recording read back.
 *
 * @param exchanges in the file's order
 * @param bad numbers of lines that are no exchange, from 1
 */
public record Recording(List<RecordedExchange> exchanges, List<Integer> bad) {
  /** Reads a file whole. */
  public static Recording read(Path file) throws IOException {
    List<RecordedExchange> exchanges = new ArrayList<>();
    List<Integer> bad = new ArrayList<>();
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      int number = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        Optional<RecordedExchange> exchange = RecordLine.read(line);
        exchange.ifPresent(exchanges::add);
        if (exchange.isEmpty() && !line.isBlank()) {
          bad.add(number);
        }
      }
    }
    return new Recording(exchanges, bad);
  }
}
