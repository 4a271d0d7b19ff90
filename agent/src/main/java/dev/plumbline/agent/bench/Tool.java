package dev.plumbline.agent.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** A program of the machine, found on the PATH or where Debian puts servers. */
record Tool(Path path) {
  private static final String MORE = ":/usr/sbin:/usr/local/sbin:/sbin";

  static Optional<Tool> find(String name) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("") + MORE;
    return Arrays.stream(path.split(":"))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Tool::new);
  }
}
