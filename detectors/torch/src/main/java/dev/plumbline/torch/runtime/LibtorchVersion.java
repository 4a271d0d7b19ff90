package dev.plumbline.torch.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version check before a foreign libtorch is loaded: the JNI library is bound to exactly one
 * version, and on any other the process dies with SIGSEGV inside {@code libc10} instead of an
 * error.
 */
public final class LibtorchVersion {
  /** The version the JNI library of this build is bound to. */
  public static final String WANTED = "2.7.1";

  private static final Pattern IN_WHEEL =
      Pattern.compile("__version__\\s*=\\s*['\"]([^'\"]+)['\"]");

  private LibtorchVersion() {}

  /**
   * Refuses a folder whose libtorch is of another version or does not say which.
   *
   * @param folder the folder that holds {@code libtorch.so}, as {@code PYTORCH_LIBRARY_PATH} names
   *     it
   * @param declared what {@code PYTORCH_VERSION} says, used where the folder is silent; may be null
   */
  public static void require(Path folder, String declared) {
    if (!Files.exists(folder.resolve("libtorch.so"))) {
      throw refusal(folder, "no libtorch.so there");
    }
    String found = of(folder).orElse(declared == null ? "unknown" : declared);
    if (!found.equals(WANTED) && !found.startsWith(WANTED + "+")) {
      throw refusal(folder, "version " + found);
    }
  }

  /**
   * The version a libtorch folder states: {@code build-version} beside {@code lib} (the C++
   * distribution) or {@code version.py} (a Python wheel).
   */
  public static Optional<String> of(Path folder) {
    Path home = folder.toAbsolutePath().normalize().getParent();
    return read(folder.resolve("build-version"))
        .or(() -> home == null ? Optional.empty() : read(home.resolve("build-version")))
        .map(String::strip)
        .or(
            () ->
                home == null
                    ? Optional.empty()
                    : read(home.resolve("version.py")).flatMap(LibtorchVersion::inWheel));
  }

  private static Optional<String> inWheel(String text) {
    Matcher matcher = IN_WHEEL.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static Optional<String> read(Path file) {
    try {
      return Files.isRegularFile(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static IllegalStateException refusal(Path folder, String found) {
    return new IllegalStateException(
        "PYTORCH_LIBRARY_PATH: wanted libtorch "
            + WANTED
            + " (the only version this build's JNI library runs on), found "
            + found
            + " in "
            + folder
            + "; point it at a libtorch "
            + WANTED
            + ", or unset it to use the CPU one that comes with the build"
            + " (PYTORCH_VERSION states the version of a folder that does not say)");
  }
}
