package dev.plumbline.agent.record;

import dev.plumbline.core.sign.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Files with what people wrote, which others may not read. */
final class OwnerOnly {
  private OwnerOnly() {}

  /**
   * Makes the file where there is none, and takes what others may do with one that is there; what
   * is no file, such as a pipe, is left as it is.
   *
   * @return whether others could do anything with it
   * @throws IOException if it cannot be made, or is not ours to change
   */
  static boolean ensure(Path file) throws IOException {
    if (Files.notExists(file)) {
      create(file);
      return false;
    }
    return Files.isRegularFile(file) && PrivateFiles.tighten(file);
  }

  private static void create(Path file) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else {
      Files.createFile(file);
    }
  }
}
