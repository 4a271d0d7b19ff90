package dev.plumbline.core.sign;

import dev.plumbline.core.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Files that hold a secret: private keys, tokens, texts of people. Their owner and its group may
 * read them, nobody else, and only the owner may write. The group may, since Kubernetes gives a
 * container a Secret by its group (fsGroup, mode 0440); links, of which such a volume is made, are
 * followed to the file that holds the bytes. Where the file system knows of no owners nothing is
 * looked at. Any thread.
 */
public final class PrivateFiles {
  private static final Set<PosixFilePermission> NOT_FOR_OTHERS =
      Set.of(
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.GROUP_WRITE);

  private PrivateFiles() {}

  /**
   * Refuses a file that others can read or change.
   *
   * @param what it is, for a person
   * @throws IllegalArgumentException if they can
   * @throws IOException if that cannot be found out
   */
  public static void require(String what, Path file) throws IOException {
    Set<PosixFilePermission> loose = loose(file);
    Check.that(
        loose.isEmpty(),
        what + " " + file,
        "one that others cannot read, and only its owner can write",
        shown(file),
        "chmod 600 it; of a Kubernetes Secret set defaultMode: 0440");
  }

  /**
   * Takes from others what they may do with a file of ours.
   *
   * @return whether they could do anything
   * @throws IOException if it is not ours to change
   */
  public static boolean tighten(Path file) throws IOException {
    Set<PosixFilePermission> loose = loose(file);
    if (loose.isEmpty()) {
      return false;
    }
    Set<PosixFilePermission> kept = EnumSet.copyOf(Files.getPosixFilePermissions(file));
    kept.removeAll(loose);
    Files.setPosixFilePermissions(file, kept);
    return true;
  }

  private static Set<PosixFilePermission> loose(Path file) throws IOException {
    Set<PosixFilePermission> loose = EnumSet.noneOf(PosixFilePermission.class);
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      loose.addAll(Files.getPosixFilePermissions(file));
      loose.retainAll(NOT_FOR_OTHERS);
    }
    return loose;
  }

  private static String shown(Path file) throws IOException {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
        : "another";
  }
}
