package dev.plumbline.learn.reproduce;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The claims of the papers, in the order they are reported: resource {@code claims.json}. */
final class Claims {
  private static final List<Claim> ALL = read();

  private Claims() {}

  static List<Claim> all() {
    return ALL;
  }

  private static List<Claim> read() {
    try (InputStream in = Claims.class.getResourceAsStream("claims.json")) {
      return List.copyOf(new ObjectMapper().readValue(in, new TypeReference<List<Claim>>() {}));
    } catch (IOException e) {
      throw new UncheckedIOException("the list of claims is missing from this build", e);
    }
  }
}
