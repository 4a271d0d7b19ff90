package dev.plumbline.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What is made from something else and committed: compared, or with {@code -Dplumbline.update=true}
 * written.
 */
final class Generated {
  private Generated() {}

  static void same(Path file, String wanted) throws IOException {
    if (Boolean.getBoolean("plumbline.update")) {
      Files.writeString(file, wanted);
    }
    assertThat(Files.readString(file))
        .as("%s; mvn -pl helm -am test -Dplumbline.update=true writes it anew", file)
        .isEqualTo(wanted);
  }
}
