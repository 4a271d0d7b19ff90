package dev.plumbline.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** What an agent calls itself in its fleet. */
final class FleetBuild {
  private FleetBuild() {}

  /** The version in the jar's manifest. */
  static String version() {
    return Optional.ofNullable(FleetBuild.class.getPackage().getImplementationVersion())
        .orElse("not packaged");
  }

  /** Another at each start. */
  static String process() {
    return UUID.randomUUID().toString();
  }

  /** A folder for artefacts where {@code fleet.state} is left out. */
  static Path scratch() {
    try {
      return Files.createTempDirectory("plumbline-fleet");
    } catch (IOException e) {
      throw new UncheckedIOException("no temporary folder for the fleet's artefacts", e);
    }
  }
}
